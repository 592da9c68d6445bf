import { buildSubgraphSchema } from '@apollo/subgraph';
import { defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import { parse } from 'graphql';

/** A small subgraph of which there are two versions; each call makes a new one, as a changed deployment would be. */
export function createNotices(version: number): Subgraph {
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { notice: Notice! notices(first: Int = 3): [Notice!]! }
    type Notice @key(fields: "id") { id: ID! text: String! about: User ${version % 2 === 0 ? '' : 'until: String'} }
    type User @key(fields: "id") { id: ID! notices(first: Int = 2): [Notice!]! }
  `;
  const notice = (id: string) => ({ id, text: `Notice ${id}`, about: { id: `u${id}` }, until: 'tomorrow' });
  const some = (_: unknown, { first }: { readonly first: number }) => Array.from({ length: first }, (__, index) => notice(String(index)));
  const resolvers = {
    Query: { notice: () => notice('0'), notices: some },
    Notice: { __resolveReference: ({ id }: { readonly id: string }) => notice(id) },
    User: { __resolveReference: (reference: object) => reference, notices: some },
  };
  return defineSubgraph({
    name: 'notices',
    sdl,
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]), // its type knows no arguments
    createContext: () => ({}),
  });
}

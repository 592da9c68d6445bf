import { buildSubgraphSchema } from '@apollo/subgraph';
import { defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import { parse } from 'graphql';
import type { NamedCase } from './named-case.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires",
  "@provides", "@override", "@inaccessible", "@interfaceObject"])\n`;

/** The case's subgraphs, as a gateway takes them. */
export function buildCase({ subgraphs }: NamedCase): readonly Subgraph[] {
  return Object.entries(subgraphs).map(([name, { sdl, resolvers }]) => {
    const typeDefs = parse(LINK + sdl);
    // Its types know resolvers with every parameter; those of a case read some.
    const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
    return defineSubgraph({ name, sdl: LINK + sdl, schema, createContext: () => ({}) });
  });
}

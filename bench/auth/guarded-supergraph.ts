import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { SDL, SUBGRAPHS, type SubgraphName } from '../gateway/graph/sdl.ts';

/** What of the shop only callers who are known, or have the scope, may read: fields that every workload asks for. */
const PROTECTED: readonly (readonly [subgraph: SubgraphName, field: string, directive: string])[] = [
  ['accounts', 'username: String! @shareable', '@authenticated'],
  ['accounts', 'birthday: Int', '@requiresScopes(scopes: [["users:read"]])'],
  ['reviews', 'body: String!', '@requiresScopes(scopes: [["reviews:read"], ["admin"]])'],
];
export const SCOPES = ['users:read', 'reviews:read'] as const;

/** The supergraph of the gateways bench, with rules of access on it. @throws Error when it does not compose */
export function composeGuarded(urls: Readonly<Record<SubgraphName, string>>): string {
  const services = SUBGRAPHS.map((name) => ({ name, url: urls[name], typeDefs: parse(guardedSdl(name)) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors !== undefined) throw new Error(`The guarded subgraphs do not compose: ${errors.map(({ message }) => message).join('; ')}`);
  return supergraphSdl;
}

function guardedSdl(name: SubgraphName): string {
  let sdl = SDL[name].replace('federation/v2.3', 'federation/v2.9').replace('import: [', 'import: ["@authenticated", "@requiresScopes", ');
  for (const [subgraph, field, directive] of PROTECTED) {
    if (subgraph !== name) continue;
    if (!sdl.includes(field)) throw new Error(`${name} has no "${field}" to be guarded.`);
    sdl = sdl.replace(field, `${field} ${directive}`);
  }
  return sdl;
}

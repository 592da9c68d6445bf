import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { SDL, SUBGRAPHS, type SubgraphName } from './sdl.ts';

/** @throws Error when the subgraphs do not fit together */
export function composeSupergraph(urls: Readonly<Record<SubgraphName, string>>): string {
  const { supergraphSdl, errors } = composeServices(SUBGRAPHS.map((name) => ({ name, url: urls[name], typeDefs: parse(SDL[name]) })));
  if (errors !== undefined) throw new Error(`The subgraphs do not compose: ${errors.map(({ message }) => message).join('; ')}`);
  return supergraphSdl;
}

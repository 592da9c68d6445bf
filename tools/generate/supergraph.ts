import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { parse, printSchema } from 'graphql';
import { LaunchFailure } from '../run/launch/failure.mjs';

export interface NamedSdl {
  readonly name: string;
  readonly sdl: string;
}

const HEADER = '# Generated from the subgraphs by `npm run generate`: change those, not this file.\n';

/**
 * Supergraph SDL of these subgraphs. The routing URLs in it are the service names of a cluster; a gateway that is given the
 * file takes its own.
 * @throws LaunchFailure with every problem when they do not compose
 */
export function renderSupergraph(subgraphs: readonly NamedSdl[]): string {
  const services = subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}/graphql`, typeDefs: parse(sdl) }));
  const { errors, supergraphSdl } = composeServices(services);
  if (errors) throw new LaunchFailure(['The subgraphs do not compose:', ...errors.map(({ message }) => `  ${message}`)].join('\n'));
  return `${HEADER}${supergraphSdl.trimEnd()}\n`;
}

/** What clients see of a supergraph. */
export function renderApiSchema(supergraphSdl: string): string {
  return `${HEADER}${printSchema(Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema()).trimEnd()}\n`;
}

/** A subgraph's own SDL. */
export function renderSubgraph(sdl: string): string {
  return `${HEADER.replace('the subgraphs', "this subgraph's code")}${sdl.trimEnd()}\n`;
}

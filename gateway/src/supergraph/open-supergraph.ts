import type { SecretLike } from '@loomgraph/auth';
import { createFileReader } from './file-reader.js';
import { createLiveSupergraph, type LiveSupergraphDeps } from './live-supergraph.js';
import { createLoadedSupergraph } from './loaded-supergraph.js';
import type { LiveSupergraph } from './port.js';
import { createUrlReader } from './url-reader.js';

/** Where a supergraph that was composed elsewhere is. */
export type SupergraphLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly token?: SecretLike | undefined };

export interface OpenSupergraphDeps extends LiveSupergraphDeps {
  /** Not set: `sources` are composed here. Set: `sources` say where subgraphs run instead of the routing URLs written in it. */
  readonly location?: SupergraphLocation | undefined;
  /** How long one reading from a URL may take. */
  readonly timeoutMs: number;
}

/** The supergraph of a gateway, wherever it comes from. @throws as `createLiveSupergraph` and `createLoadedSupergraph` do */
export async function openSupergraph({ location, timeoutMs, ...deps }: OpenSupergraphDeps): Promise<LiveSupergraph> {
  if (location === undefined) return createLiveSupergraph(deps);
  const reader =
    location.kind === 'file' ? createFileReader(location.path) : createUrlReader({ url: location.url, token: location.token, timeoutMs });
  return createLoadedSupergraph({ ...deps, reader, overrides: deps.sources });
}

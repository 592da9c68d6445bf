import { uuidSource } from '@loomgraph/core';
import { SubgraphUnavailableError } from '../errors.js';
import type { SubgraphHttp } from '../execution/subgraph-http.js';
import type { ReadSdl } from './remote-schemas.js';

const SDL_QUERY = 'query LoomSubgraphSdl { _service { sdl } }';

/** By the `_service` field of the federation specification, as an anonymous caller. */
export function createSdlReader(http: SubgraphHttp): ReadSdl {
  return async ({ name, url }) => {
    const fetch = { query: SDL_QUERY, operationName: 'LoomSubgraphSdl', request: { identity: null, requestId: uuidSource.next() } };
    const { data, errors } = await http.post({ subgraph: name, url, fetch });
    const sdl = (data as { _service?: { sdl?: unknown } } | null | undefined)?._service?.sdl;
    if (typeof sdl === 'string') return sdl;
    throw new SubgraphUnavailableError(name, `gave no SDL: ${errors?.[0]?.message ?? '_service.sdl is missing'}`);
  };
}

import { uuidSource } from '@loomgraph/core';
import { getIntrospectionQuery } from 'graphql';
import { SubgraphUnavailableError } from '../errors.js';
import { toPlainSdl } from './introspected-sdl.js';
import type { ReadSdl, RemoteSubgraph } from './remote-schemas.js';

const SDL_QUERY = 'query LoomSubgraphSdl { _service { sdl } }';
const INTROSPECTION_QUERY = getIntrospectionQuery().replace('IntrospectionQuery', 'LoomIntrospection');

/** Asks a remote subgraph one operation. @throws SubgraphUnavailableError when there is no answer */
export interface SdlClient {
  post(options: {
    readonly subgraph: string;
    readonly url: string;
    readonly fetch: {
      readonly query: string;
      readonly operationName: string;
      readonly request: { readonly identity: null; readonly requestId: string };
    };
  }): Promise<SdlAnswer>;
}

export interface SdlAnswer {
  readonly data?: object | null | undefined;
  readonly errors?: readonly { readonly message: string }[] | undefined;
}

/**
 * As an anonymous caller, by the `_service` field of the federation specification. A server that does not know this field is no subgraph: its
 * schema is read by introspection and takes part without entities.
 */
export function createSdlReader(client: SdlClient): ReadSdl {
  const ask = ({ name, url }: RemoteSubgraph, query: string, operationName: string): Promise<SdlAnswer> =>
    client.post({ subgraph: name, url, fetch: { query, operationName, request: { identity: null, requestId: uuidSource.next() } } });

  const introspect = async (source: RemoteSubgraph): Promise<string> => {
    const { data, errors } = await ask(source, INTROSPECTION_QUERY, 'LoomIntrospection');
    const sdl = data ? toPlainSdl(data) : undefined;
    if (sdl !== undefined) return sdl;
    const reason = errors?.[0]?.message ?? 'the answer is no introspection result';
    throw new SubgraphUnavailableError(source.name, `has no _service field and could not be introspected: ${reason}`);
  };

  return async (source) => {
    try {
      const { data, errors } = await ask(source, SDL_QUERY, 'LoomSubgraphSdl');
      const answered: { readonly _service?: { readonly sdl?: unknown } } | null | undefined = data;
      const sdl = answered?._service?.sdl;
      if (typeof sdl === 'string') return sdl;
      const refusal = errors?.[0]?.message ?? '_service.sdl is missing';
      if (!isUnknownField(refusal)) throw new SubgraphUnavailableError(source.name, `gave no SDL: ${refusal}`);
    } catch (error) {
      // Servers refuse an operation that is not valid with status 400, and the reason is an excerpt of what they say.
      if (!(error instanceof SubgraphUnavailableError) || !error.reason.startsWith('answered 400') || !isUnknownField(error.reason))
        throw error;
    }
    return introspect(source);
  };
}

/**
 * However a server words it: `Cannot query field "_service"`, `Field '_service' in type 'Query' is undefined`. A subgraph that has the field
 * and refuses to answer it must not be taken for a plain server.
 */
function isUnknownField(reason: string): boolean {
  return reason.includes('_service') && /cannot query|undefined|unknown|not exist|not (found|defined)|n't exist/i.test(reason);
}

import type { ExecutionResult } from 'graphql';
import type { SubgraphExecutor, SubgraphFetch } from '@loomgraph/subgraph-kit';
import { createLocalHost } from '@loomgraph/subgraph-kit';
import { currentTraceparent, type Metrics } from '@loomgraph/telemetry';
import { SubgraphUnavailableError } from '../errors.js';
import type { SubgraphSource } from '../supergraph/subgraph-source.js';
import type { SubgraphHttp } from './subgraph-http.js';

/**
 * How each subgraph of the current supergraph is reached.
 *
 * 1. `execute` rejects only when there is no answer at all; errors of fields are in the result.
 * 2. `use` swaps all transports at once; fetches in flight finish on the ones they began with.
 * 3. Every fetch is measured, local or remote alike.
 */
export interface SubgraphTransports {
  use(sources: ReadonlyMap<string, SubgraphSource>): void;
  execute(subgraph: string, fetch: SubgraphFetch): Promise<ExecutionResult>;
}

export function createSubgraphTransports(deps: { readonly http: SubgraphHttp; readonly metrics: Metrics }): SubgraphTransports {
  const duration = deps.metrics.histogram('gateway_subgraph_fetch_duration_seconds', 'Duration of fetches by subgraph.', ['subgraph']);
  const failures = deps.metrics.counter('gateway_subgraph_fetch_errors_total', 'Fetches without an answer, or whose answer has errors.', [
    'subgraph',
    'kind',
  ]);
  let transports = new Map<string, { source: SubgraphSource; executor: SubgraphExecutor }>();

  return {
    use(sources) {
      const next: typeof transports = new Map();
      for (const [name, source] of sources) {
        const known = transports.get(name);
        // A local host keeps the parsed fetches of its subgraph: keep it as long as the subgraph stays.
        next.set(name, known?.source === source ? known : { source, executor: createTransport(source, deps.http) });
      }
      transports = next;
    },

    async execute(subgraph, fetch) {
      const transport = transports.get(subgraph);
      if (!transport) throw new SubgraphUnavailableError(subgraph, 'is not part of the supergraph any more');
      const stop = duration.startTimer({ subgraph });
      try {
        const traceparent = currentTraceparent() ?? fetch.request.traceparent;
        const request = traceparent === undefined ? fetch.request : { ...fetch.request, traceparent };
        const result = await transport.executor.execute({ ...fetch, request });
        if (result.errors && result.errors.length > 0) failures.inc({ subgraph, kind: 'answer_with_errors' });
        return result;
      } catch (error) {
        failures.inc({ subgraph, kind: 'no_answer' });
        throw error;
      } finally {
        stop();
      }
    },
  };
}

function createTransport(source: SubgraphSource, http: SubgraphHttp): SubgraphExecutor {
  if (source.kind === 'local') return createLocalHost(source.subgraph);
  const { name, url } = source;
  return { execute: (fetch) => http.post({ subgraph: name, url, fetch }) };
}

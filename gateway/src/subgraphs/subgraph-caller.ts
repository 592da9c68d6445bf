import type { Metrics } from '@loomgraph/telemetry';
import { SubgraphUnavailableError } from '../errors.js';
import type { SubgraphAnswer, SubgraphCall, SubgraphCaller, SubgraphOperation } from '../execution/subgraph-answer.js';
import type { SubgraphSource } from '../supergraph/subgraph-source.js';
import type { FetchSharing } from './fetch-sharing.js';
import type { SubgraphHttp } from './http-call.js';
import { prepareLocalCall } from './local-call.js';

/** How fetches are measured, whichever way they go. */
export interface FetchMetrics {
  measure(call: SubgraphCall, subgraph: string): SubgraphCall;
}

export function createFetchMetrics(metrics: Metrics): FetchMetrics {
  const duration = metrics.histogram('gateway_subgraph_fetch_duration_seconds', 'Duration of fetches by subgraph.', ['subgraph']);
  const failures = metrics.counter('gateway_subgraph_fetch_errors_total', 'Fetches without an answer, or whose answer has errors.', [
    'subgraph',
    'kind',
  ]);
  return {
    measure(call, subgraph) {
      const labels = { subgraph };
      return {
        send(variables, caller, done, known) {
          const startedAt = performance.now();
          const answered = (answer: SubgraphAnswer): void => {
            duration.observe(labels, (performance.now() - startedAt) / 1_000);
            if (answer.kind === 'failed')
              failures.inc({ subgraph, kind: answer.error.code === 'REQUEST_CANCELLED' ? 'cancelled' : 'no_answer' });
            else if (answer.errors !== undefined && answer.errors.length > 0) failures.inc({ subgraph, kind: 'answer_with_errors' });
            done(answer);
          };
          call.send(variables, caller, answered, known);
        },
      };
    },
  };
}

/** Reaches the subgraphs of one supergraph version: those of this process directly, the others over HTTP. */
export function createSubgraphCaller(deps: {
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly http: SubgraphHttp;
  readonly metrics: FetchMetrics;
  /** Undefined: every fetch is sent. */
  readonly sharing: FetchSharing | undefined;
}): SubgraphCaller {
  const { sources, http, metrics, sharing } = deps;
  return {
    prepare(operation) {
      const { subgraph } = operation;
      const source = sources.get(subgraph);
      if (source === undefined) return unknownSubgraph(subgraph);
      if (source.kind === 'local') return metrics.measure(prepareLocalCall(source.subgraph, operation), subgraph);
      const call = metrics.measure(http.prepare(source.url, operation), subgraph);
      // Values of a subgraph in this process may be of any class, and cannot be copied.
      return sharing === undefined ? call : { ...call, shared: sharing.share(call, targetOf(source.url, operation)) };
    },
  };
}

/** Neither a URL nor a name holds a line break. */
function targetOf(url: string, { operation, operationName = '' }: SubgraphOperation): string {
  return `${url}\n${operationName}\n${operation}`;
}

function unknownSubgraph(subgraph: string): SubgraphCall {
  return {
    send(_variables, _caller, done) {
      done({ kind: 'failed', error: new SubgraphUnavailableError(subgraph, 'is not part of the supergraph') });
    },
  };
}

import { hashBody, IDENTITY_HEADER, type IdentitySigner } from '@loomgraph/auth';
import { readSyncAnswer, TIMEOUT_HEADER, toSyncHeaders } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { createDeadlines } from '../deadlines.js';
import type { Caller } from '../execution/engine.js';
import type { SyncExchange } from '../execution/sync-exchange.js';
import type { SubgraphAnswer, SubgraphCall, SubgraphOperation } from '../execution/subgraph-answer.js';
import { RemoteFetch, type RemoteCall } from './remote-fetch.js';
import { probeReplicas } from './traffic/probe-replicas.js';
import { SubgraphTarget } from './traffic/subgraph-target.js';
import { createTrafficMetrics } from './traffic/traffic-metrics.js';
import { defaultTraffic, type TrafficSettings } from './traffic/traffic-settings.js';

const ACCEPT = 'application/graphql-response+json, application/json';
/** What a subgraph needs to answer once it has waited for its projections. */
const ANSWERING_MS = 1_000;

/**
 * The HTTP client of this process for all remote subgraphs: pooled connections, one time limit for each exchange, several replicas of a subgraph.
 *
 * 1. Answers what a subgraph answered with a JSON media type and the shape of a GraphQL result, whatever the status.
 * 2. Fails with SubgraphUnavailableError for everything else: no connection, late, too large, another media type, cut off, not JSON; or unsent,
 *    as its breaker is open or too many fetches are under way.
 * 3. Tells the subgraph who asks, signed for this subgraph and this body (`x-loom-identity`), with request id and trace, where a
 *    signer is given.
 * 4. Tries again what only reads, within the budget of its subgraph, at another replica where there is one; never a mutation.
 * 5. What only reads ends when nobody waits for it any more: OPERATION_TIMEOUT, REQUEST_CANCELLED. The subgraph is told how long it has.
 */
export interface SubgraphHttp extends AsyncDisposable {
  /** @param address URLs of all replicas, with `|` between */
  prepare(address: string, operation: RemoteOperation): SubgraphCall;
  close(): Promise<void>;
}

export interface RemoteOperation extends SubgraphOperation {
  /** It asks whether the subgraph is there, which is not kept from it because it was away. */
  readonly isProbe?: boolean;
}

export interface SubgraphHttpDeps {
  /** Undefined: subgraphs are not told who asks. */
  readonly signer: IdentitySigner | undefined;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** `defaultTraffic` when left out. */
  readonly traffic?: TrafficSettings | undefined;
  /** Nothing is counted when left out. */
  readonly metrics?: Metrics | undefined;
  readonly logger?: Pick<Logger, 'warn' | 'info'> | undefined;
}

export function createSubgraphHttp(deps: SubgraphHttpDeps): SubgraphHttp {
  const { signer, timeoutMs, logger, traffic = defaultTraffic } = deps;
  const deadlines = createDeadlines(timeoutMs);
  const targets = new Map<string, SubgraphTarget>();
  const metrics = deps.metrics && createTrafficMetrics(deps.metrics, () => targets.values());
  const probes = probeReplicas({ targets: () => targets.values(), intervalMs: traffic.probeIntervalMs, timeoutMs, logger });
  const targetOf = (subgraph: string, address: string): SubgraphTarget => {
    // A name holds no line break.
    const key = `${subgraph}\n${address}`;
    let target = targets.get(key);
    if (target === undefined) {
      const onEjected = (replica: string): void => {
        metrics?.ejected(subgraph, replica);
        logger?.warn('Replica is not asked for a while, as it fails', { subgraph, replica });
      };
      target = new SubgraphTarget(subgraph, address, { settings: traffic, connectTimeoutMs: timeoutMs, onEjected });
      targets.set(key, target);
    }
    return target;
  };
  let isClosed = false;
  const close = async (): Promise<void> => {
    isClosed = true;
    await Promise.all([probes.close(), ...[...targets.values()].map((target) => target.close())]);
    targets.clear();
  };

  return {
    prepare(address, { subgraph, operation, operationName, operationKind, isProbe = false }) {
      const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
      const head = `{"query":${JSON.stringify(operation)}${name}`;
      const isRead = operationKind === 'query';
      const call: RemoteCall = {
        target: targetOf(subgraph, address),
        isRead,
        isProbe,
        timeoutMs,
        deadlines,
        metrics,
        isClosed: () => isClosed,
        headersFor(caller, body) {
          const headers = headersFor(caller);
          if (isRead) headers.push(TIMEOUT_HEADER, String(Math.ceil(Math.min(timeoutMs, caller.cancellation?.remainingMs ?? timeoutMs))));
          if (caller.sync !== undefined) headers.push(...syncHeadersFor(caller.sync, timeoutMs));
          if (signer !== undefined) {
            const { identity, clientAddress } = caller;
            headers.push(IDENTITY_HEADER, signer.sign(identity, { audience: subgraph, bodyHash: hashBody(body), clientAddress }));
          }
          return headers;
        },
      };
      return {
        send(variables, caller, answered, known) {
          const body = variables === '' ? `${head}}` : `${head},"variables":{${variables}}}`;
          new RemoteFetch(call, { caller, body, done: listening(caller, answered), known }).start();
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Of every request to a subgraph, as name and value in turn. */
export function headersFor({ requestId, traceparent, forwardedHeaders }: Caller, accept = ACCEPT): string[] {
  const headers = ['content-type', 'application/json', 'accept', accept, 'x-request-id', requestId];
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const name in forwardedHeaders) headers.push(name, forwardedHeaders[name]!);
  return headers;
}

/** A subgraph that waits longer than it is waited for would be taken for one that does not answer. */
function syncHeadersFor({ token, onTimeout, waitMs = 0 }: SyncExchange, timeoutMs: number): string[] {
  return toSyncHeaders({
    ...(token === undefined ? {} : { token }),
    ...(onTimeout === undefined ? {} : { onTimeout }),
    waitMs: Math.min(waitMs, Math.max(0, timeoutMs - ANSWERING_MS)),
  }).flat();
}

/** Passes on what an answer says about reading one's own writes, where the caller wants to know. */
function listening({ sync }: Caller, done: (answer: SubgraphAnswer) => void): (answer: SubgraphAnswer) => void {
  if (sync === undefined) return done;
  return (answer) => {
    const said = answer.kind === 'answered' ? readSyncAnswer(answer.sync) : undefined;
    if (said !== undefined) sync.report(said);
    done(answer);
  };
}

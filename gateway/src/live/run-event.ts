import { DEFAULT_SYNC_WAIT_MS } from '@loomgraph/core';
import type { EngineRequest } from '../execution/engine.js';
import type { Execution } from '../execution/execution.js';
import { internalError } from '../execution/fetch-call.js';
import { isJsonObject } from '../execution/json-object.js';
import { OperationRun } from '../execution/operation-run.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';
import { SyncExchange } from '../execution/sync-exchange.js';
import type { Binding } from './binding.js';
import { PRESENCE_KEY } from './live-plan.js';

/** What one event brings: what the subgraph answered, or the entity it names. */
export type Occurrence =
  | { readonly kind: 'answer'; readonly answer: SubgraphAnswer }
  | {
      readonly kind: 'entity';
      readonly representation: Readonly<Record<string, unknown>>;
      /** What must be seen of projections. */
      readonly syncToken: string | undefined;
    };

/**
 * Runs the plan of a subscription for one event. Undefined where the event names an entity that is not there any more, or that its subgraph does not
 * show to this caller.
 */
export async function runEvent(binding: Binding, occurrence: Occurrence, subscribed: EngineRequest): Promise<Execution | undefined> {
  const { plan, source, variables } = binding;
  const startedAt = performance.now();
  const request = occurrence.kind === 'entity' ? withSync(subscribed, occurrence.syncToken) : subscribed;
  const run = new OperationRun(variables, request.caller, undefined);
  run.sharesFetches = request.caller.sync === undefined;
  if (occurrence.kind === 'answer') run.event = occurrence.answer;
  else if (source.kind === 'topic') run.data = { [source.responseKey]: { ...occurrence.representation } };
  await new Promise<void>((resolve) => plan.run(run, resolve));
  const fetchMs = performance.now() - startedAt;
  if (source.kind === 'topic' && run.errors.length === 0) {
    const entity = run.data[source.responseKey];
    if (!isJsonObject(entity) || entity[PRESENCE_KEY] === undefined) return undefined;
  }
  const answer = write(binding, run, request);
  return {
    request,
    plan: plan.node,
    answer,
    errors: run.errors,
    dropped: run.dropped,
    encoded: { isShared: false, bytes: undefined },
    hasData: answer.data !== 'null' && Object.values(run.data).some((value) => value !== null && value !== undefined),
    planMs: 0,
    fetches: run.fetches,
    fetchMs,
  };
}

/** An answer that does not hold yet what its event tells of would be the last one for a long time. */
function withSync(request: EngineRequest, token: string | undefined): EngineRequest {
  if (token === undefined) return request;
  const sync = new SyncExchange({ token, waitMs: DEFAULT_SYNC_WAIT_MS, onTimeout: 'STALE' });
  return { ...request, caller: { ...request.caller, sync } };
}

function write({ operation, plan }: Binding, run: OperationRun, { variables: rawVariables }: EngineRequest): Execution['answer'] {
  try {
    return operation.write(run, { rawVariables, plan: plan.node });
  } catch (error) {
    run.errors.push(internalError(error));
    return { data: 'null', isAscii: false };
  }
}

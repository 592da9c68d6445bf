import type { Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { setTimeout as sleep } from 'node:timers/promises';
import { callerKey } from '../execution/coalescing.js';
import type { CoercionSettings } from '../execution/coerce-variables.js';
import type { EngineAnswer, EngineRequest } from '../execution/engine.js';
import type { Execution } from '../execution/execution.js';
import { finish, reportOf, NO_CODES, type FinishDeps, type Found } from '../execution/finish-answer.js';
import type { Generation } from '../execution/generation.js';
import type { Generations } from '../execution/generations.js';
import { OperationRefused } from '../execution/operation-refused.js';
import { refusedAnswer } from '../execution/refused-answer.js';
import { bind, rebind, type Binding } from './binding.js';
import { LiveOperation } from './live-operation.js';
import { createLiveMetrics } from './live-metrics.js';
import type { LiveSettings } from './live-settings.js';
import { isSameSource, openSource, type SourceDeps, type SourceEvent } from './open-source.js';
import { runEvent } from './run-event.js';

/** How often it is looked at whether callers may go on: as soon as a revocation may be known. */
const CHECK_EVERY_MS = 1_000;

export interface LiveOperationsDeps extends SourceDeps {
  readonly generations: Pick<Generations, 'current' | 'onChange'>;
  readonly finish: FinishDeps;
  readonly coercion: CoercionSettings;
  readonly settings: LiveSettings;
  /** Whether a caller's access was taken back; expiry is known without. */
  readonly isRevoked: ((identity: Identity) => boolean) | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The subscriptions of one process. */
export interface LiveOperations extends AsyncDisposable {
  /** Begins one; rejects with why it cannot. */
  subscribe(found: Found): Promise<EngineAnswer>;
  /** Ends all with the advice to come back, and refuses new ones. */
  restart(): void;
  count(): number;
}

export function createLiveOperations(deps: LiveOperationsDeps): LiveOperations {
  const { generations, settings, logger } = deps;
  const metrics = createLiveMetrics(deps.metrics, () => operations.size);
  const operations = new Set<LiveOperation>();
  const perCaller = new Map<string, number>();
  const answering = new Map<string, Promise<Execution | undefined>>();
  const closing = new AbortController();
  let isRestarting = false;

  const refusalOf = ({ caller: { identity } }: EngineRequest): LoomError | undefined => {
    if (identity === null) return undefined;
    if (identity.expiresAt.getTime() <= Date.now()) {
      return new LoomError('UNAUTHENTICATED', 'The access token has expired: subscribe again with a new one.');
    }
    return deps.isRevoked?.(identity) === true ? new LoomError('UNAUTHENTICATED', 'Access was taken back.') : undefined;
  };

  /** Those who ask the same, and are told the same, share one run. */
  const execute = (binding: Binding, { id, occurrence }: SourceEvent, request: EngineRequest): Promise<Execution | undefined> => {
    const run = (): Promise<Execution | undefined> => {
      const { generation } = binding;
      generation.begin();
      return runEvent(binding, occurrence, request).finally(() => generation.end());
    };
    if (id === undefined) return run();
    const key = `${id}\n${binding.key}\n${callerKey(request.caller)}`;
    let running = answering.get(key);
    if (running === undefined) {
      running = run().finally(() => answering.delete(key));
      answering.set(key, running);
    }
    return running;
  };

  const open = async (found: Found, callerId: string): Promise<LiveOperation> => {
    const { request } = found;
    const binding = await bind(found);
    const operation: LiveOperation = new LiveOperation(binding, {
      request,
      queue: settings.queue,
      refusal: () => refusalOf(request),
      async answer(event, current) {
        const execution = await execute(current, event, request);
        if (execution === undefined) return undefined;
        metrics.event();
        const { generation, operation: answered } = current;
        return finish(
          { ...found, generation, operation: answered, request: execution.request, budgetHeaders: undefined },
          execution,
          deps.finish,
        ).body;
      },
      show(error) {
        const refused = refusedAnswer({ error, request, operation: operation.binding.operation, mask: deps.finish.mask });
        return refused.kind === 'refused' ? refused.errors : [];
      },
      onEnd(reason, error) {
        operations.delete(operation);
        release(perCaller, callerId);
        metrics.ended(reason);
        const level = reason === 'source_failed' || reason === 'slow_consumer' ? 'warn' : 'info';
        logger[level]('Subscription ended', {
          requestId: request.caller.requestId,
          operationName: operation.binding.operation.name,
          reason,
          ...(error === undefined ? {} : { error }),
        });
      },
    });
    const lastEventId = request.live?.lastEventId;
    const opening = { current: () => operation.binding, request, sink: operation.sinkFor(binding), lastEventId };
    operation.take(binding, await openSource(binding, opening, deps));
    if (lastEventId !== undefined) metrics.resumed();
    return operation;
  };

  const moveTo = async (generation: Generation, operation: LiveOperation): Promise<void> => {
    const { request, binding: earlier } = operation;
    let binding: Binding;
    try {
      binding = await rebind(generation, request, deps.coercion);
    } catch (error) {
      if (!(error instanceof OperationRefused)) {
        // Planned by the earlier one it still runs; the next schema is the next try.
        logger.warn('A subscription could not be planned anew', { requestId: request.caller.requestId, error });
        return;
      }
      const why = error.errors.map(({ message }) => message).join(' ');
      const message = `The schema changed, and the operation does not fit it any more: ${why}`;
      operation.fail('schema_changed', new LoomError('SUBSCRIPTION_SCHEMA_RELOAD', message));
      return;
    }
    if (operation.isOver) return;
    if (isSameSource(earlier, binding)) {
      operation.take(binding, undefined);
      return;
    }
    // The new source is opened before the earlier one is closed: an event may come twice, but none is missed.
    const opening = { current: () => operation.binding, request, sink: operation.sinkFor(binding), lastEventId: undefined };
    try {
      operation.take(binding, await openSource(binding, opening, deps));
    } catch (error) {
      operation.fail('source_failed', error);
    }
  };

  /** One after the other over a while: planning and sources are asked little at a time. */
  const moveAll = async (generation: Generation): Promise<void> => {
    const waiting = [...operations];
    const stepMs = waiting.length === 0 ? 0 : settings.spreadMs / waiting.length;
    for (const operation of waiting) {
      await sleep(stepMs, undefined, { signal: closing.signal, ref: false });
      if (generations.current() !== generation) return; // a newer one moves them
      if (!operation.isOver && operation.binding.generation !== generation) await moveTo(generation, operation);
    }
  };
  const stopFollowing = generations.onChange((generation) => {
    moveAll(generation).catch((error: unknown) => {
      if (!closing.signal.aborted) logger.error('Subscriptions could not be moved to a new schema', { error });
    });
  });
  const timer = setInterval(() => {
    for (const operation of operations) operation.check();
  }, CHECK_EVERY_MS);
  timer.unref();

  const admit = ({ caller }: EngineRequest): string => {
    if (isRestarting)
      throw new LoomError('SUBSCRIPTION_LIMIT_EXCEEDED', 'This process is about to end: retry at once, to reach another one.');
    if (operations.size >= settings.maxTotal) {
      throw new LoomError('SUBSCRIPTION_LIMIT_EXCEEDED', 'This process has as many subscriptions open as it takes; retry later.');
    }
    const id = caller.identity === null ? `address ${caller.clientAddress ?? ''}` : `user ${caller.identity.userId}`;
    const own = perCaller.get(id) ?? 0;
    if (own >= settings.maxPerCaller) {
      throw new LoomError(
        'SUBSCRIPTION_LIMIT_EXCEEDED',
        `You have ${own} subscriptions open; at most ${settings.maxPerCaller} are allowed.`,
      );
    }
    perCaller.set(id, own + 1);
    return id;
  };

  return {
    async subscribe(asked) {
      // The time of a request is none of a subscription, and its events may be shared with others.
      const found: Found = { ...asked, request: { ...asked.request, caller: { ...asked.request.caller, cancellation: undefined } } };
      const callerId = admit(found.request);
      let operation: LiveOperation;
      try {
        operation = await open(found, callerId);
      } catch (error) {
        release(perCaller, callerId);
        throw error;
      }
      if (!operation.isOver) operations.add(operation);
      // The schema may have changed while its source was opened.
      const current = generations.current();
      if (current !== found.generation && !operation.isOver) await moveTo(current, operation);
      return { kind: 'live', stream: operation, report: reportOf(found.operation, 'success', NO_CODES) };
    },
    restart() {
      isRestarting = true;
      for (const operation of operations)
        operation.finish('restart', { kind: 'restart', afterMs: Math.ceil(Math.random() * settings.spreadMs) });
    },
    count: () => operations.size,
    async [Symbol.asyncDispose]() {
      stopFollowing();
      clearInterval(timer);
      closing.abort();
      this.restart();
      await deps.topics?.[Symbol.asyncDispose]();
    },
  };
}

function release(counts: Map<string, number>, id: string): void {
  const left = (counts.get(id) ?? 0) - 1;
  if (left > 0) counts.set(id, left);
  else counts.delete(id);
}

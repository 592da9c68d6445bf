import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { problem, type CompositionProblem } from './problem.js';
import type { RefreshOutcome, SupergraphListener, SupergraphStatus, SupergraphVersion } from './port.js';

/** The part of `LiveSupergraph` that is the same wherever versions come from: which one serves, who is told, what is wrong. */
export interface SupergraphKeeper {
  current(): SupergraphVersion;
  status(): Omit<SupergraphStatus, 'remotes'>;
  subscribe(listener: SupergraphListener): () => void;
  /** Runs tasks one after another. */
  inOrder<T>(task: () => Promise<T>): Promise<T>;
  /** Offers a version to the listeners. One that serves already ends a failure, if there was one, and nothing else. */
  publish(version: SupergraphVersion): Promise<RefreshOutcome>;
  /** Keeps what serves, counts and logs. */
  fail(problems: readonly CompositionProblem[]): RefreshOutcome;
  /** What a reading that brought nothing new answers. */
  unchanged(): RefreshOutcome;
  /** Resolves once no version is being taken up. */
  settled(): Promise<void>;
}

export function createSupergraphKeeper(deps: {
  readonly first: SupergraphVersion;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}): SupergraphKeeper {
  const { logger, metrics, clock } = deps;
  const failures = metrics.counter(
    'gateway_composition_failures_total',
    'Compositions that failed; the last good supergraph kept serving.',
  );
  const stale = metrics.gauge('gateway_supergraph_stale', '1 while the newest subgraph schemas do not compose.');
  failures.inc({}, 0);
  stale.set({}, 0);

  const listeners = new Set<SupergraphListener>();
  let serving = deps.first;
  let problems: readonly CompositionProblem[] = [];
  let composedAt = clock.now();
  let queue: Promise<unknown> = Promise.resolve();
  let takingUp: Promise<unknown> = Promise.resolve();

  const noteGood = (): void => {
    problems = [];
    stale.set({}, 0);
  };

  const fail = (found: readonly CompositionProblem[]): RefreshOutcome => {
    problems = found;
    failures.inc({});
    stale.set({}, 1);
    logger.error('Composition failed; the last good supergraph keeps serving', { problems: found.map(({ text }) => text) });
    return { kind: 'failed', problems: found };
  };

  const offer = async (version: SupergraphVersion): Promise<RefreshOutcome> => {
    const accepted: SupergraphListener[] = [];
    try {
      for (const listener of listeners) {
        await listener(version);
        accepted.push(listener);
      }
    } catch (error) {
      await takeBack(accepted);
      return fail([problem({ code: 'SUPERGRAPH_REJECTED', message: error instanceof Error ? error.message : String(error), places: [] })]);
    }
    serving = version;
    composedAt = clock.now();
    noteGood();
    logger.info('Supergraph updated', { subgraphs: [...version.sources.keys()] });
    return { kind: 'updated' };
  };

  const takeBack = async (accepted: readonly SupergraphListener[]): Promise<void> => {
    for (const listener of accepted) {
      try {
        await listener(serving);
      } catch (error) {
        logger.error('The earlier supergraph could not be taken up again', { error });
      }
    }
  };

  return {
    current: () => serving,
    status: () => ({ state: problems.length > 0 ? 'stale' : 'current', problems, composedAt }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    inOrder(task) {
      const result = queue.then(task);
      queue = result.catch(() => {});
      return result;
    },
    async publish(version) {
      if (isSame(version, serving)) {
        noteGood();
        return { kind: 'unchanged' };
      }
      const offered = offer(version);
      takingUp = offered;
      return offered;
    },
    fail,
    unchanged: () => (problems.length > 0 ? { kind: 'failed', problems } : { kind: 'unchanged' }),
    async settled() {
      await takingUp;
    },
  };
}

function isSame(one: SupergraphVersion, other: SupergraphVersion): boolean {
  return (
    one.supergraphSdl === other.supergraphSdl &&
    one.sources.size === other.sources.size &&
    [...one.sources].every(([name, source]) => other.sources.get(name) === source)
  );
}

import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { CompositionError } from '../errors.js';
import { awaitAllSdl } from './await-sdl.js';
import { composeSupergraph, problem, type CompositionProblem, type SubgraphSdl } from './compose.js';
import { createRemoteSchemas, type ReadSdl, type RemoteState } from './remote-schemas.js';
import { nameOf, routingUrlOf, type SubgraphSource } from './subgraph-source.js';

/** What serves now: one supergraph, and the subgraphs it was composed from. */
export interface SupergraphVersion {
  readonly supergraphSdl: string;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
}

export type RefreshOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'updated' }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

export interface SupergraphStatus {
  /** `stale`: the newest SDLs do not compose and the last good supergraph keeps serving. */
  readonly state: 'current' | 'stale';
  readonly problems: readonly CompositionProblem[];
  readonly composedAt: Date;
  readonly remotes: ReadonlyMap<string, RemoteState>;
}

/** Takes up a version; throws when it cannot, and then the earlier one must still be serving. */
export type SupergraphListener = (version: SupergraphVersion) => void;

/**
 * The supergraph of this process, kept up to date.
 *
 * 1. There is always a version that composed; a failed composition changes nothing that serves.
 * 2. A replaced source takes part in every later composition, so two changes that only fit together may arrive one by one.
 * 3. Refreshes and replacements run one after another.
 * 4. A remote subgraph that does not answer keeps the SDL it had.
 * 5. The same failure is composed, counted and logged once.
 */
export interface LiveSupergraph extends AsyncDisposable {
  current(): SupergraphVersion;
  status(): SupergraphStatus;
  /** Called with every later version; answers the function that ends it. */
  subscribe(listener: SupergraphListener): () => void;
  /** Replaces the source of the same name, or adds one. @throws SubgraphUnavailableError for a remote one that gives no SDL */
  replace(source: SubgraphSource): Promise<RefreshOutcome>;
  /** Reads the SDL of every remote subgraph now, as the timer does. */
  refresh(): Promise<RefreshOutcome>;
  /** Ends polling; a reading under way is left to the HTTP client that is closed next. */
  close(): Promise<void>;
}

export interface LiveSupergraphDeps {
  readonly sources: readonly SubgraphSource[];
  readonly readSdl: ReadSdl;
  readonly pollIntervalMs: number;
  /** How long the first reading waits for remote subgraphs that are still starting. */
  readonly startupWaitMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The newest state of each subgraph, whether it serves already or waits for a composition that succeeds. */
type Newest = Map<string, { readonly source: SubgraphSource; readonly sdl: string }>;

/**
 * Reads every SDL, composes, and starts polling.
 * @throws Error naming a remote subgraph that did not answer within `startupWaitMs`
 * @throws CompositionError when the first composition fails
 */
export async function createLiveSupergraph(deps: LiveSupergraphDeps): Promise<LiveSupergraph> {
  const { logger, metrics, readSdl, clock } = deps;
  const failures = metrics.counter(
    'gateway_composition_failures_total',
    'Compositions that failed; the last good supergraph kept serving.',
  );
  const stale = metrics.gauge('gateway_supergraph_stale', '1 while the newest subgraph schemas do not compose.');
  failures.inc({}, 0);
  stale.set({}, 0);

  const remotes = createRemoteSchemas({ readSdl, logger });
  const newest: Newest = new Map();
  for (const { source, sdl } of await awaitAllSdl(deps)) {
    newest.set(nameOf(source), { source, sdl });
    if (source.kind === 'remote') remotes.noteAnswer(source.name);
  }
  const first = composeSupergraph(inputsOf(newest));
  if (first.kind === 'failed') throw new CompositionError(first.problems);

  const listeners = new Set<SupergraphListener>();
  let serving: SupergraphVersion = { supergraphSdl: first.supergraphSdl, sources: sourcesOf(newest) };
  let tried = fingerprintOf(newest);
  let problems: readonly CompositionProblem[] = [];
  let composedAt = clock.now();
  let queue: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const inOrder = <T>(task: () => Promise<T>): Promise<T> => {
    const result = queue.then(task);
    queue = result.catch(() => {});
    return result;
  };

  const recompose = (): RefreshOutcome => {
    if (closed) return { kind: 'unchanged' };
    const fingerprint = fingerprintOf(newest);
    const sources = sourcesOf(newest);
    if (fingerprint === tried) {
      if (problems.length > 0) return { kind: 'failed', problems };
      const isSame = [...sources].every(([name, source]) => serving.sources.get(name) === source);
      return isSame ? { kind: 'unchanged' } : publish({ supergraphSdl: serving.supergraphSdl, sources });
    }
    tried = fingerprint;
    const composition = composeSupergraph(inputsOf(newest));
    return composition.kind === 'failed' ? fail(composition.problems) : publish({ supergraphSdl: composition.supergraphSdl, sources });
  };

  const publish = (version: SupergraphVersion): RefreshOutcome => {
    try {
      for (const listener of listeners) listener(version);
    } catch (error) {
      return fail([problem('SUPERGRAPH_REJECTED', (error as Error).message, [])]);
    }
    serving = version;
    problems = [];
    composedAt = clock.now();
    stale.set({}, 0);
    logger.info('Supergraph updated', { subgraphs: [...version.sources.keys()] });
    return { kind: 'updated' };
  };

  const fail = (found: readonly CompositionProblem[]): RefreshOutcome => {
    problems = found;
    failures.inc({});
    stale.set({}, 1);
    logger.error('Composition failed; the last good supergraph keeps serving', { problems: found.map(({ text }) => text) });
    return { kind: 'failed', problems: found };
  };

  const refresh = (): Promise<RefreshOutcome> =>
    inOrder(async () => {
      await Promise.all(
        [...newest.values()].map(async ({ source }) => {
          const sdl = source.kind === 'remote' ? await remotes.read(source) : undefined;
          if (sdl !== undefined) newest.set(nameOf(source), { source, sdl });
        }),
      );
      return recompose();
    });

  const replace = (source: SubgraphSource): Promise<RefreshOutcome> =>
    inOrder(async () => {
      const sdl = source.kind === 'local' ? source.subgraph.sdl : await readSdl(source);
      newest.set(nameOf(source), { source, sdl });
      if (source.kind === 'remote') remotes.noteAnswer(source.name);
      else remotes.forget(nameOf(source));
      return recompose();
    });

  const schedule = (): void => {
    if (closed) return;
    timer = setTimeout(() => void refresh().finally(schedule), deps.pollIntervalMs);
    timer.unref();
  };
  schedule();

  const close = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    remotes.close();
  };

  return {
    current: () => serving,
    status: () => ({ state: problems.length > 0 ? 'stale' : 'current', problems, composedAt, remotes: remotes.states }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace,
    refresh,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function inputsOf(newest: Newest): SubgraphSdl[] {
  return [...newest].map(([name, { source, sdl }]) => ({ name, url: routingUrlOf(source), sdl }));
}

function sourcesOf(newest: Newest): ReadonlyMap<string, SubgraphSource> {
  return new Map([...newest].map(([name, { source }]) => [name, source]));
}

function fingerprintOf(newest: Newest): string {
  return JSON.stringify(inputsOf(newest));
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { InvalidSupergraphError } from './invalid-supergraph-error.js';
import { parseSupergraph, type RoutedSubgraph } from './parse-supergraph.js';
import { pollDelayMs } from './poll-delay.js';
import type { LiveSupergraph, RefreshOutcome, SupergraphVersion } from './port.js';
import { problem, type CompositionProblem } from './problem.js';
import { nameOf, type SubgraphSource } from './subgraph-source.js';
import { createSupergraphKeeper } from './supergraph-keeper.js';
import { SupergraphUnreadableError, type SupergraphReader } from './supergraph-reader.js';

const RETRY_EVERY_MS = 250;

export interface LoadedSupergraphDeps {
  readonly reader: SupergraphReader;
  /** Where the subgraphs of these names run, instead of the routing URLs written in the supergraph. */
  readonly overrides: readonly SubgraphSource[];
  readonly pollIntervalMs: number;
  /** How long the first reading waits for a server that is still starting. */
  readonly startupWaitMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/**
 * A supergraph that was composed elsewhere, read from a file or a URL and kept up to date: by watching where that can be done, and by polling,
 * slower while readings fail.
 * @throws SupergraphUnreadableError when there is none to be had within `startupWaitMs`
 * @throws InvalidSupergraphError when the first one cannot be served
 */
export async function createLoadedSupergraph(deps: LoadedSupergraphDeps): Promise<LiveSupergraph> {
  const { reader, logger, metrics, pollIntervalMs } = deps;
  const unreadable = metrics.counter(
    'gateway_supergraph_read_failures_total',
    'Readings of the supergraph without an answer; the last one kept serving.',
  );
  unreadable.inc({}, 0);
  const overrides = new Map(deps.overrides.map((source) => [nameOf(source), source]));

  let text = await awaitText(deps);
  const first = toVersion(text, { place: reader.place, overrides, known: new Map() });
  if (first.kind === 'failed') throw new InvalidSupergraphError(first.problems);
  for (const name of overrides.keys()) {
    if (!first.version.sources.has(name))
      logger.warn('A subgraph is given an address and is not part of the supergraph', { subgraph: name });
  }
  const keeper = createSupergraphKeeper({ ...deps, first: first.version });
  let failures = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const take = async (): Promise<RefreshOutcome> => {
    const outcome = toVersion(text, { place: reader.place, overrides, known: keeper.current().sources });
    return outcome.kind === 'failed' ? keeper.fail(outcome.problems) : keeper.publish(outcome.version);
  };

  const refresh = (): Promise<RefreshOutcome> =>
    keeper.inOrder(async () => {
      const answer = await readAgain();
      if (closed || answer === undefined || answer === text) return keeper.unchanged();
      text = answer;
      return take();
    });

  const readAgain = async (): Promise<string | undefined> => {
    try {
      const answer = await reader.read();
      if (failures > 0) logger.info('The supergraph can be read again', { place: reader.place });
      failures = 0;
      return answer;
    } catch (error) {
      if (closed) return undefined;
      unreadable.inc({});
      if (failures === 0) logger.warn('The supergraph cannot be read; the last one keeps serving', { reason: (error as Error).message });
      failures++;
      return undefined;
    }
  };

  const replace = (source: SubgraphSource): Promise<RefreshOutcome> =>
    keeper.inOrder(async () => {
      const name = nameOf(source);
      const { sources } = keeper.current();
      if (!sources.has(name)) {
        const message = `the supergraph has no subgraph "${name}"; it has ${[...sources.keys()].join(', ')}`;
        return { kind: 'failed', problems: [problem({ code: 'SUPERGRAPH_REJECTED', message, places: [] })] };
      }
      overrides.set(name, source);
      return take();
    });

  const schedule = (): void => {
    if (closed) return;
    const wait = pollDelayMs({ intervalMs: pollIntervalMs, failures, random: Math.random() });
    timer = setTimeout(() => void refresh().finally(schedule), wait);
    timer.unref();
  };
  schedule();
  const watching = startWatching(reader, () => void refresh(), logger);

  const close = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    watching?.[Symbol.dispose]();
    await keeper.settled();
  };

  return {
    current: keeper.current,
    status: () => ({ ...keeper.status(), remotes: new Map() }),
    subscribe: keeper.subscribe,
    replace,
    refresh,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function awaitText({ reader, startupWaitMs, logger }: LoadedSupergraphDeps): Promise<string> {
  const deadline = performance.now() + startupWaitMs;
  for (let attempt = 1; ; attempt++) {
    try {
      const text = await reader.read();
      if (text !== undefined) return text;
      throw new SupergraphUnreadableError(`Supergraph at ${reader.place} answered "not modified" to the first request.`, { mayPass: true });
    } catch (error) {
      if (!(error instanceof SupergraphUnreadableError) || !error.mayPass || performance.now() + RETRY_EVERY_MS > deadline) throw error;
      if (attempt === 1) logger.info('Waiting for the supergraph', { place: reader.place, reason: error.message });
      await delay(RETRY_EVERY_MS);
    }
  }
}

type VersionOutcome =
  | { readonly kind: 'version'; readonly version: SupergraphVersion }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/** A source that stays the same stays the same object, so that whoever serves it keeps its connections and caches. */
function toVersion(
  supergraphSdl: string,
  context: {
    readonly place: string;
    readonly overrides: ReadonlyMap<string, SubgraphSource>;
    readonly known: ReadonlyMap<string, SubgraphSource>;
  },
): VersionOutcome {
  const parsed = parseSupergraph(supergraphSdl, context.place);
  if (parsed.kind === 'failed') return parsed;
  const unrouted = parsed.subgraphs.filter(({ name, url }) => !context.overrides.has(name) && !isHttp(url));
  if (unrouted.length > 0) return { kind: 'failed', problems: unrouted.map(noAddress) };
  const sources = parsed.subgraphs.map(({ name, url }): [string, SubgraphSource] => {
    const known = context.known.get(name);
    const routed: SubgraphSource = known?.kind === 'remote' && known.url === url ? known : { kind: 'remote', name, url };
    return [name, context.overrides.get(name) ?? routed];
  });
  return { kind: 'version', version: { supergraphSdl, sources: new Map(sources) } };
}

function noAddress({ name, url }: RoutedSubgraph): CompositionProblem {
  const message = `subgraph "${name}" has the URL "${url}" in the supergraph, which is no HTTP address; give it one with SUBGRAPH_URLS`;
  return problem({ code: 'INVALID_SUPERGRAPH', message, places: [] });
}

function isHttp(url: string): boolean {
  return /^https?:\/\/./i.test(url) && URL.canParse(url);
}

function startWatching(reader: SupergraphReader, onChange: () => void, logger: Logger): Disposable | undefined {
  try {
    return reader.watch?.(onChange);
  } catch (error) {
    logger.warn('The supergraph cannot be watched for changes; it is polled', { place: reader.place, error });
    return undefined;
  }
}

import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { CompositionError } from '../errors.js';
import { awaitAllSdl } from './await-sdl.js';
import { composeSupergraph, type Composition, type SubgraphSdl } from './compose.js';
import type { LiveSupergraph, RefreshOutcome } from './port.js';
import { createRemoteSchemas, type ReadSdl } from './remote-schemas.js';
import { nameOf, routingUrlOf, type SubgraphSource } from './subgraph-source.js';
import { createSupergraphKeeper } from './supergraph-keeper.js';

export type { LiveSupergraph, RefreshOutcome, SupergraphListener, SupergraphStatus, SupergraphVersion } from './port.js';

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
 * The supergraph of subgraphs that are composed here: reads every SDL, composes, and starts polling.
 *
 * `IntrospectAndCompose` of `@apollo/gateway` does less: one subgraph that does not answer ends its whole update, it does not wait for
 * subgraphs that are still starting, composes the same failure at every poll, and says neither subgraph nor line.
 * @throws Error naming a remote subgraph that did not answer within `startupWaitMs`
 * @throws CompositionError when the first composition fails
 */
export async function createLiveSupergraph(deps: LiveSupergraphDeps): Promise<LiveSupergraph> {
  const { logger, readSdl } = deps;
  const remotes = createRemoteSchemas({ readSdl, logger });
  const newest: Newest = new Map();
  for (const { source, sdl } of await awaitAllSdl(deps)) {
    newest.set(nameOf(source), { source, sdl });
    if (source.kind === 'remote') remotes.noteAnswer(source.name);
  }
  const compose = (): Composition => {
    const composition = composeSupergraph(inputsOf(newest));
    if (composition.kind === 'composed') {
      for (const warning of composition.warnings) logger.warn('Composition warns', { warning });
    }
    return composition;
  };
  const first = compose();
  if (first.kind === 'failed') throw new CompositionError(first.problems);

  const keeper = createSupergraphKeeper({ ...deps, first: { supergraphSdl: first.supergraphSdl, sources: sourcesOf(newest) } });
  let tried = fingerprintOf(newest);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const recompose = async (): Promise<RefreshOutcome> => {
    if (closed) return { kind: 'unchanged' };
    const fingerprint = fingerprintOf(newest);
    const sources = sourcesOf(newest);
    if (fingerprint === tried) {
      if (keeper.status().problems.length > 0) return keeper.unchanged();
      return keeper.publish({ supergraphSdl: keeper.current().supergraphSdl, sources });
    }
    tried = fingerprint;
    const composition = compose();
    return composition.kind === 'failed'
      ? keeper.fail(composition.problems)
      : keeper.publish({ supergraphSdl: composition.supergraphSdl, sources });
  };

  const refresh = (): Promise<RefreshOutcome> =>
    keeper.inOrder(async () => {
      await Promise.all(
        [...newest.values()].map(async ({ source }) => {
          const sdl = source.kind === 'remote' ? await remotes.read(source) : undefined;
          if (sdl !== undefined) newest.set(nameOf(source), { source, sdl });
        }),
      );
      return recompose();
    });

  const replace = (source: SubgraphSource): Promise<RefreshOutcome> =>
    keeper.inOrder(async () => {
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
    await keeper.settled();
  };

  return {
    current: keeper.current,
    status: () => ({ ...keeper.status(), remotes: remotes.states }),
    subscribe: keeper.subscribe,
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

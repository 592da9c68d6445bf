import { setTimeout as delay } from 'node:timers/promises';
import { LoomError } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { SubgraphUnavailableError } from '../errors.js';
import type { ReadSdl, RemoteSubgraph } from './remote-schemas.js';
import type { SubgraphSource } from './subgraph-source.js';

const RETRY_EVERY_MS = 250;

/**
 * The SDL of every subgraph at start. A remote one may still be starting, so it is asked again until `startupWaitMs` have passed.
 * @throws LoomError (SUBGRAPH_UNAVAILABLE) naming the first subgraph that never answered, and its URL
 */
export async function awaitAllSdl(options: {
  readonly sources: readonly SubgraphSource[];
  readonly readSdl: ReadSdl;
  readonly startupWaitMs: number;
  readonly logger: Logger;
}): Promise<{ source: SubgraphSource; sdl: string }[]> {
  const deadline = performance.now() + options.startupWaitMs;
  return Promise.all(
    options.sources.map(async (source) => ({
      source,
      sdl: source.kind === 'local' ? source.subgraph.sdl : await awaitSdl(source, deadline, options),
    })),
  );
}

async function awaitSdl(
  source: RemoteSubgraph,
  deadline: number,
  options: Pick<Parameters<typeof awaitAllSdl>[0], 'readSdl' | 'startupWaitMs' | 'logger'>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await options.readSdl(source);
    } catch (error) {
      if (!(error instanceof SubgraphUnavailableError)) throw error;
      if (performance.now() + RETRY_EVERY_MS > deadline) {
        throw new LoomError(
          'SUBGRAPH_UNAVAILABLE',
          `Subgraph "${source.name}" does not answer at ${source.url}: ${error.reason} (waited ${options.startupWaitMs / 1000} s).`,
          { cause: error },
        );
      }
      if (attempt === 1) options.logger.info('Waiting for a subgraph', { subgraph: source.name, url: source.url, reason: error.reason });
      await delay(RETRY_EVERY_MS);
    }
  }
}

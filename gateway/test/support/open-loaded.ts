import { createMemoryLogger, createMetrics, type MemoryLogger, type Metrics } from '@loomgraph/telemetry';
import { composeSupergraph } from '../../src/supergraph/compose.js';
import { openSupergraph, type OpenSupergraphDeps } from '../../src/supergraph/open-supergraph.js';
import type { LiveSupergraph } from '../../src/supergraph/port.js';

export interface OpenedSupergraph extends AsyncDisposable {
  readonly supergraph: LiveSupergraph;
  readonly logger: MemoryLogger;
  readonly metrics: Metrics;
  /** Names of the fields of `Query` in the version that serves. */
  fields(): readonly string[];
}

/** A supergraph of one subgraph, `products`, with these fields of `Query`. */
export function supergraphWith(fields: readonly string[], url = 'http://products.test/graphql'): string {
  const sdl = `type Query { ${fields.map((name) => `${name}: String`).join(' ')} }`;
  const composition = composeSupergraph([{ name: 'products', url, sdl }]);
  if (composition.kind === 'failed') throw new Error(composition.problems[0]!.text);
  return composition.supergraphSdl;
}

/** No timer fires by itself: tests call `refresh`, or change the interval. */
export async function openLoaded(deps: Partial<OpenSupergraphDeps> & Pick<OpenSupergraphDeps, 'location'>): Promise<OpenedSupergraph> {
  const logger = createMemoryLogger();
  const metrics = createMetrics();
  const supergraph = await openSupergraph({
    sources: [],
    readSdl: () => Promise.reject(new Error('Nothing is composed here.')),
    pollIntervalMs: 3_600_000,
    startupWaitMs: 0,
    timeoutMs: 5_000,
    clock: { now: () => new Date() },
    ...deps,
    logger,
    metrics,
  });
  return {
    supergraph,
    logger,
    metrics,
    fields() {
      const [, query = ''] = /type Query[^{]*\{([^}]*)\}/.exec(supergraph.current().supergraphSdl) ?? [];
      return [...query.matchAll(/(\w+):/g)].map(([, name]) => name!);
    },
    [Symbol.asyncDispose]: () => supergraph.close(),
  };
}

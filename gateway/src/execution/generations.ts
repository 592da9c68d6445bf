import type { Logger } from '@loomgraph/telemetry';
import type { GraphQLSchema } from 'graphql';
import { Supergraph } from '@apollo/federation-internals';
import { choosePlanner } from '../planning/choose-planner.js';
import type { PlannerSetting } from '../planning/planner-setting.js';
import type { ActiveLabels } from '../planning/override-choice.js';
import type { SubgraphHttp } from '../subgraphs/http-call.js';
import { createSubgraphCaller, type FetchMetrics } from '../subgraphs/subgraph-caller.js';
import type { LiveSupergraph, SupergraphVersion } from '../supergraph/port.js';
import type { Caller } from './engine.js';
import { createGeneration, type Generation } from './generation.js';
import type { OperationCacheMetrics } from './operation-cache.js';

/** How many operations a new generation compiles before it takes over: those clients use all the time. */
const WARMED_OPERATIONS = 100;

export interface GenerationsDeps {
  readonly supergraph: LiveSupergraph;
  readonly http: SubgraphHttp;
  readonly fetchMetrics: FetchMetrics;
  readonly cacheMetrics: OperationCacheMetrics;
  readonly logger: Logger;
  readonly settings: {
    readonly planner: PlannerSetting;
    readonly cacheBytes: number;
    readonly planTimeoutMs: number;
    readonly introspection: boolean;
  };
  readonly activeLabels?: ActiveLabels<Caller>;
}

/**
 * The generation that takes new requests. A new supergraph version becomes one only when its planner has taken it and the operations
 * in use are compiled for it; until then, and when that fails, the earlier one serves.
 */
export interface Generations extends AsyncDisposable {
  current(): Generation;
  /** Called with every later generation, when it serves; answers the function that ends it. */
  onChange(listener: (generation: Generation) => void): () => void;
}

export async function createGenerations(deps: GenerationsDeps): Promise<Generations> {
  const { supergraph, logger } = deps;
  const listeners = new Set<(generation: Generation) => void>();
  let current = await openGeneration(supergraph.current(), deps);
  const retiring = new Set<Promise<void>>();
  const retire = (generation: Generation): void => {
    const ended = generation.retire().catch((error: unknown) => logger.warn('A planner could not be closed', { error }));
    retiring.add(ended);
    void ended.then(() => retiring.delete(ended));
  };
  const unsubscribe = supergraph.subscribe(async (version) => {
    const next = await openGeneration(version, deps);
    const startedAt = performance.now();
    const warmed = await warm(next, current);
    const earlier = current;
    current = next;
    for (const listener of listeners) listener(next);
    logger.info('Supergraph taken up', { warmedOperations: warmed, warmMs: Math.round(performance.now() - startedAt) });
    retire(earlier);
  });
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      unsubscribe();
      retire(current);
      await Promise.all(retiring);
    },
  };
}

async function openGeneration({ supergraphSdl, sources }: SupergraphVersion, deps: GenerationsDeps): Promise<Generation> {
  const { http, fetchMetrics, settings, logger } = deps;
  const planner = await choosePlanner({ supergraphSdl, planner: settings.planner, logger });
  return createGeneration({
    supergraphSdl,
    apiSchema: apiSchemaOf(supergraphSdl),
    planner,
    subgraphs: createSubgraphCaller({ sources, http, metrics: fetchMetrics }),
    settings,
    cacheMetrics: deps.cacheMetrics,
    ...(deps.activeLabels === undefined ? {} : { activeLabels: deps.activeLabels }),
  });
}

/** The schema clients see, with `@defer`. */
function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  const api = Supergraph.build(supergraphSdl, { validateSupergraph: false }).apiSchema();
  return api.toGraphQLJSSchema({ includeDefer: true });
}

/** Compiles for a new generation what the earlier one was asked for. An operation that does not fit any more is refused when it comes. */
async function warm(next: Generation, earlier: Generation): Promise<number> {
  let warmed = 0;
  for (const { query, operationName } of earlier.recent(WARMED_OPERATIONS)) {
    try {
      const operation = await next.prepare(query, operationName);
      await operation.findStep(next.chooseOverrides({ identity: null, requestId: 'warm-up' }));
      warmed += 1;
    } catch {
      // See above.
    }
  }
  return warmed;
}

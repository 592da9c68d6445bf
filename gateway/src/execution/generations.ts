import type { Logger } from '@loomgraph/telemetry';
import type { GraphQLSchema } from 'graphql';
import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { choosePlanner } from '../planning/choose-planner.js';
import { withRequiredArguments } from '../planning/required-arguments.js';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { PolicyDecider } from '../authorization/policy-decider.js';
import type { PlannerSetting } from '../planning/planner-setting.js';
import type { ActiveLabels } from '../planning/override-choice.js';
import type { SubgraphHttp } from '../subgraphs/http-call.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import type { FetchSharing } from '../subgraphs/fetch-sharing.js';
import { createSubgraphCaller, type FetchMetrics } from '../subgraphs/subgraph-caller.js';
import type { LiveSupergraph, SupergraphVersion } from '../supergraph/port.js';
import type { Caller } from './engine.js';
import { createGeneration, type Generation, type RecordOperation } from './generation.js';
import type { EngineMetrics } from './engine-metrics.js';

/** How many operations a new generation compiles before it takes over: those clients use all the time. */
const WARMED_OPERATIONS = 100;

export interface GenerationsDeps {
  readonly supergraph: LiveSupergraph;
  readonly http: SubgraphHttp;
  readonly fetchMetrics: FetchMetrics;
  readonly fetchSharing: FetchSharing | undefined;
  readonly metrics: EngineMetrics;
  readonly logger: Logger;
  readonly settings: {
    readonly planner: PlannerSetting;
    readonly cacheBytes: number;
    readonly planTimeoutMs: number;
    readonly planMemoryBytes?: number | undefined;
    readonly introspection: IntrospectionSetting;
    readonly limits: DocumentLimits;
  };
  readonly policies: PolicyDecider | undefined;
  readonly activeLabels?: ActiveLabels<Caller>;
  readonly recordOperation?: RecordOperation | undefined;
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
  let number = 1;
  let current = await openGeneration(supergraph.current(), number, deps);
  const retiring = new Set<Generation>();
  const retire = (generation: Generation): void => {
    retiring.add(generation);
    generation
      .retire()
      .catch((error: unknown) => logger.warn('A planner could not be closed', { error }))
      .finally(() => retiring.delete(generation));
  };
  const unsubscribe = supergraph.subscribe(async (version) => {
    const next = await openGeneration(version, number + 1, deps);
    const startedAt = performance.now();
    const warmed = await warm(next, current);
    const earlier = current;
    current = next;
    number = next.number;
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
      await Promise.all([current, ...retiring].map((generation) => generation.close()));
    },
  };
}

async function openGeneration({ supergraphSdl, sources }: SupergraphVersion, number: number, deps: GenerationsDeps): Promise<Generation> {
  const { http, fetchMetrics, settings, logger } = deps;
  const plannable = withRequiredArguments(supergraphSdl);
  const planner = await choosePlanner({
    supergraphSdl: plannable.supergraphSdl,
    planner: settings.planner,
    logger,
    maxMemoryBytes: settings.planMemoryBytes,
  });
  return createGeneration({
    number,
    supergraphSdl,
    apiSchema: apiSchemaOf(supergraphSdl),
    planner,
    restorePlan: plannable.restore,
    logger,
    sources,
    subgraphs: createSubgraphCaller({ sources, http, metrics: fetchMetrics, sharing: deps.fetchSharing }),
    settings,
    metrics: deps.metrics,
    policies: deps.policies,
    recordOperation: deps.recordOperation,
    ...(deps.activeLabels === undefined ? {} : { activeLabels: deps.activeLabels }),
  });
}

/** What a supergraph may ask of what serves it; `authorization/` enforces the last three. */
const SUPPORTED_FEATURES = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/context/v0.1',
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
  'https://specs.apollo.dev/policy/v0.1',
]);

/** The schema clients see, with `@defer`. @throws for a supergraph that asks for what is not supported */
function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  const api = Supergraph.build(supergraphSdl, { validateSupergraph: false, supportedFeatures: SUPPORTED_FEATURES }).apiSchema();
  return api.toGraphQLJSSchema({ includeDefer: true });
}

/** Compiles for a new generation what the earlier one was asked for. An operation that does not fit any more is refused when it comes. */
async function warm(next: Generation, earlier: Generation): Promise<number> {
  let warmed = 0;
  for (const { query, operationName } of earlier.recent(WARMED_OPERATIONS)) {
    try {
      const operation = await next.prepare(query, operationName);
      await operation.findPlan(next.chooseOverrides({ identity: null, requestId: 'warm-up' }));
      warmed += 1;
    } catch {
      // See above.
    }
  }
  return warmed;
}

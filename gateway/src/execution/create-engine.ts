import type { Identity } from '@loomgraph/auth';
import type { Bus } from '@loomgraph/stores/bus';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { GraphQLSchema } from 'graphql';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { PolicyDecider } from '../authorization/policy-decider.js';
import type { UnauthorizedSetting } from '../authorization/unauthorized-setting.js';
import type { ActiveLabels } from '../planning/override-choice.js';
import type { PlannerSetting } from '../planning/planner-setting.js';
import type { Budgets } from '../request/budgets/budgets.js';
import { createDemandControl, defaultCostSettings, type CostSettings } from '../request/cost/demand.js';
import { defaultDocumentLimits, type DocumentLimits } from '../request/limits/document-limits.js';
import { createErrorMasker } from '../request/mask-errors.js';
import { showError } from '../request/show-error.js';
import { createFetchSharing } from '../subgraphs/fetch-sharing.js';
import { createFetchMetrics } from '../subgraphs/subgraph-caller.js';
import type { SubgraphHttp } from '../subgraphs/http-call.js';
import type { HttpEventStreams } from '../subgraphs/http-event-stream.js';
import { createSubgraphStreams } from '../subgraphs/subgraph-streams.js';
import type { ExplainSetting } from '../explain/explain-setting.js';
import { createEventTopics } from '../live/event-topics.js';
import { createLiveOperations } from '../live/live-operations.js';
import { defaultLiveSettings, type LiveSettings } from '../live/live-settings.js';
import type { LiveSupergraph } from '../supergraph/port.js';
import { createAnswers } from './answer-request.js';
import type { Caller, Engine } from './engine.js';
import type { RecordOperation } from './generation.js';
import { createGenerations } from './generations.js';
import { createDroppedReport } from './dropped-errors.js';
import { createEngineMetrics } from './engine-metrics.js';
import { exposeEngine } from './expose-engine.js';
import type { TraceRequest } from './request-watch.js';

/** The settings the engine reads. */
export interface EngineSettings {
  readonly planner: PlannerSetting;
  /** For operations of one supergraph version: texts, plans and generated code. */
  readonly cacheBytes: number;
  readonly planTimeoutMs: number;
  /** Of a planner process; as much as there is when left out. */
  readonly planMemoryBytes?: number | undefined;
  /** Who may read the schema. */
  readonly introspection: IntrospectionSetting;
  /** Whether identical queries in flight share one execution. */
  readonly coalescing: boolean;
  /** Whether identical fetches of queries under way to remote subgraphs share one answer. */
  readonly fetchSharing: boolean;
  /** Whether errors of unknown codes are hidden from clients. */
  readonly maskErrors: boolean;
  /** How large a document may be; `defaultDocumentLimits` when left out. */
  readonly limits?: DocumentLimits;
  /** `defaultCostSettings` when left out. */
  readonly cost?: CostSettings;
  /** Who is answered how a request was planned and executed. */
  readonly explain: ExplainSetting;
  /** How subscriptions are carried; `defaultLiveSettings` when left out. */
  readonly live?: LiveSettings;
  /** What happens to an operation of which its caller may not have all; `cut` when left out. */
  readonly unauthorized?: UnauthorizedSetting;
}

export interface EngineDeps {
  readonly supergraph: LiveSupergraph;
  readonly http: SubgraphHttp;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
  /** Undefined: nothing is traced. */
  readonly trace?: TraceRequest | undefined;
  /** Decides `@policy`; without it no policy is met by anybody. */
  readonly policies?: PolicyDecider | undefined;
  readonly activeLabels?: ActiveLabels<Caller>;
  /** Undefined: callers may ask as much as they like. */
  readonly budgets?: Budgets | undefined;
  readonly recordOperation?: RecordOperation | undefined;
  /** Opens subscriptions of remote subgraphs. */
  readonly eventStreams: Pick<HttpEventStreams, 'open'>;
  /** Where events come from whose subgraphs hold no subscriptions; undefined: such fields are refused. */
  readonly bus?: Bus | undefined;
  /** Whether a caller's access was taken back since it was looked at; undefined: it never is. */
  readonly isRevoked?: ((identity: Identity) => boolean) | undefined;
}

/** An engine, and the schema it answers by. */
export interface LiveEngine extends Engine, AsyncDisposable {
  apiSchema(): GraphQLSchema;
  /** Called with every later API schema, when it serves; answers the function that ends it. */
  onSchema(listener: (schema: GraphQLSchema) => void): () => void;
  /** Ends all subscriptions with the advice to come back, and begins no more. */
  restartSubscriptions(): void;
}

/**
 * The gateway's execution: plans against the current supergraph, and follows its changes.
 * @throws what the planner says of a first supergraph it does not take
 */
export async function createEngine(deps: EngineDeps): Promise<LiveEngine> {
  const { logger, metrics } = deps;
  const settings = { limits: defaultDocumentLimits, cost: defaultCostSettings, ...deps.settings };
  const engineMetrics = createEngineMetrics(metrics);
  const fetchSharing = settings.fetchSharing ? createFetchSharing(metrics) : undefined;
  const generations = await createGenerations({
    supergraph: deps.supergraph,
    http: deps.http,
    fetchMetrics: createFetchMetrics(metrics),
    fetchSharing,
    metrics: engineMetrics,
    logger,
    settings,
    policies: deps.policies,
    recordOperation: deps.recordOperation,
    ...(deps.activeLabels === undefined ? {} : { activeLabels: deps.activeLabels }),
  });
  const finishing = {
    mask: settings.maskErrors ? createErrorMasker({ logger }) : showError,
    reportDropped: createDroppedReport({ logger, metrics: engineMetrics }),
  };
  const live = createLiveOperations({
    generations,
    finish: finishing,
    coercion: settings,
    settings: settings.live ?? defaultLiveSettings,
    topics: deps.bus && createEventTopics({ bus: deps.bus, logger }),
    openStream: createSubgraphStreams((url, options) => deps.eventStreams.open(url, options)),
    isRevoked: deps.isRevoked,
    logger,
    metrics,
  });
  const answers = createAnswers({
    ...finishing,
    subscribe: (found) => live.subscribe(found),
    metrics: engineMetrics,
    demand: createDemandControl({ settings: settings.cost, metrics, logger }),
    budgets: deps.budgets,
    fetchSharing,
    trace: deps.trace,
    settings,
  });
  exposeEngine(metrics, { generations, coalescing: answers.coalescing });
  return {
    execute: (request) => answers.answer(generations.current(), request),
    apiSchema: () => generations.current().apiSchema,
    onSchema: (listener) => generations.onChange(({ apiSchema }) => listener(apiSchema)),
    restartSubscriptions: () => live.restart(),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await generations[Symbol.asyncDispose]();
    },
  };
}

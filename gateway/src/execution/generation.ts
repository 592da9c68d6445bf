import type { Logger } from '@loomgraph/telemetry';
import type { Identity } from '@loomgraph/auth';
import { buildASTSchema, GraphQLError, parse, type GraphQLSchema } from 'graphql';
import { AccessRules } from '../authorization/access-rules.js';
import { cutOperation } from '../authorization/cut-operation.js';
import { union, type Demand, type Demands } from '../authorization/demand.js';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import { OperationAccess } from '../authorization/operation-access.js';
import type { PolicyDecider } from '../authorization/policy-decider.js';
import { readKeyTraits, withDataKeys } from '../planning/data-keys.js';
import { cutNormalForm, fragmentsOfForm, toNormalForm, type NormalForm } from '../planning/normal-form.js';
import { createOverrideChoice, type ActiveLabels, type ChosenOverrides } from '../planning/override-choice.js';
import { makerOf, signPlan } from '../planning/plan-maker.js';
import type { PlanNode } from '../planning/plan.js';
import type { IsolatedPlanner } from '../planning/isolated-planner.js';
import type { PlannedOperation } from '../planning/planner.js';
import { withSafeVariables } from '../planning/safe-variables.js';
import { CompiledOperation, type FindPlan, type Unauthorized } from './compiled-operation.js';
import { compilePlan, type ExecutablePlan } from './compile-plan.js';
import type { Caller } from './engine.js';
import { createDeferredOperations, type DeferredOperations } from './defer/deferred-operations.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import type { EngineMetrics } from './engine-metrics.js';
import { createOperationCache, type OperationCache, type OperationCacheSizes } from './operation-cache.js';
import { OperationRefused } from './operation-refused.js';
import type { SubgraphCaller } from './subgraph-answer.js';
import { createTypeConditions } from './type-conditions.js';
import type { SubgraphSource } from '../supergraph/subgraph-source.js';
import { validDocument } from './valid-document.js';
import { withinPlanTime } from './within-plan-time.js';
import { toLivePlan } from '../live/live-plan.js';

/** Takes note of an operation clients use; must not throw or wait. */
export type RecordOperation = (query: string, operationName: string | undefined) => void;

export interface GenerationDeps {
  /** 1 for the first one of the process. */
  readonly number: number;
  readonly supergraphSdl: string;
  readonly apiSchema: GraphQLSchema;
  readonly planner: IsolatedPlanner;
  /** Makes a plan of the planner one for the subgraphs, see `withRequiredArguments`. */
  readonly restorePlan: (plan: PlanNode) => PlanNode;
  readonly subgraphs: SubgraphCaller;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly settings: {
    readonly cacheBytes: number;
    readonly planTimeoutMs: number;
    readonly introspection: IntrospectionSetting;
    readonly limits: DocumentLimits;
  };
  readonly metrics: EngineMetrics;
  readonly logger: Logger;
  /** Undefined: no `@policy` is met by anybody. */
  readonly policies?: PolicyDecider | undefined;
  readonly activeLabels?: ActiveLabels<Caller>;
  readonly recordOperation?: RecordOperation | undefined;
}

/** One supergraph version and everything that is kept of operations against it. Requests in flight end on the one they began with. */
export interface Generation {
  readonly number: number;
  readonly plannerName: string;
  /** With everything clients cannot see. */
  readonly supergraph: GraphQLSchema;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly apiSchema: GraphQLSchema;
  /** Operations as they are answered in parts. */
  readonly deferred: Pick<DeferredOperations, 'find'>;
  /** What a text was compiled to before. */
  find(query: string, operationName: string | undefined): CompiledOperation | undefined;
  /** Parses, validates and compiles a text; at once for all who ask for the same. @throws OperationRefused, LoomError */
  prepare(query: string, operationName: string | undefined): Promise<CompiledOperation>;
  /** The form of an operation that a caller is answered: without what it may not have. A promise where policies must be decided. */
  authorize(operation: CompiledOperation, identity: Identity | null): CompiledOperation | Promise<CompiledOperation>;
  chooseOverrides(caller: Caller): ChosenOverrides;
  /** Texts whose operations a next generation should know before it takes over. */
  recent(limit: number): { readonly query: string; readonly operationName: string | undefined }[];
  cacheSizes(): OperationCacheSizes;
  /** Counts a request that uses it; each ends once. */
  begin(): void;
  end(): void;
  /** Takes no new requests; closes when the last one has ended. */
  retire(): Promise<void>;
  /** Closes its planner now; plans that are waited for are failures. */
  close(): Promise<void>;
}

export function createGeneration(deps: GenerationDeps): Generation {
  const { apiSchema, planner, subgraphs, settings, metrics } = deps;
  const supergraph = buildASTSchema(parse(deps.supergraphSdl, { noLocation: true }), { assumeValid: true });
  const types = createTypeConditions(supergraph);
  const keyTraits = readKeyTraits(deps.supergraphSdl);
  const rules = AccessRules.of(deps.supergraphSdl, supergraph);
  const cache: OperationCache<CompiledOperation> = createOperationCache({ maxBytes: settings.cacheBytes, metrics: metrics.cache });
  const chooseOverrides = createOverrideChoice<Caller>({ planner, ...(deps.activeLabels ? { activeLabels: deps.activeLabels } : {}) });
  const preparing = new Map<string, Promise<CompiledOperation>>();
  let active = 0;
  let unused: (() => void) | undefined;
  const { planTimeoutMs } = settings;
  const { supergraphSdl, logger } = deps;
  const deferred = createDeferredOperations({ schema: apiSchema, supergraphSdl, keyTraits, subgraphs, types, planTimeoutMs, logger });
  const close = async (): Promise<void> => {
    await Promise.all([planner[Symbol.asyncDispose](), deferred[Symbol.asyncDispose]()]);
  };

  const toExecutable = (plan: PlanNode): ExecutablePlan => {
    const live = toLivePlan(plan, supergraph);
    return live === undefined
      ? compilePlan(plan, { subgraphs, types })
      : { ...compilePlan(live.node, { subgraphs, types }), source: live.source };
  };

  const createPlan = async (operation: PlannedOperation, { choice }: ChosenOverrides): Promise<ExecutablePlan | undefined> => {
    const startedAt = performance.now();
    const plan = await withinPlanTime(settings.planTimeoutMs, (signal) => planner.plan(operation, choice, signal));
    const executable = plan === undefined ? undefined : toExecutable(signPlan(deps.restorePlan(plan), makerOf(plan)));
    metrics.planned(performance.now() - startedAt);
    return executable;
  };

  const compileForm = (normal: NormalForm, unauthorized?: Unauthorized): CompiledOperation => {
    const plans = new Map<string, ExecutablePlan | undefined | Promise<ExecutablePlan | undefined>>();
    const variables = withSafeVariables(normal.planned);
    const dataKeys = withDataKeys(variables.operation, keyTraits);
    const planned = { ...dataKeys, ...variables, operation: dataKeys.operation };
    const findPlan: FindPlan = (overrides) => {
      const { cacheKeySuffix } = overrides;
      if (plans.has(cacheKeySuffix)) return plans.get(cacheKeySuffix);
      const creating = createPlan(dataKeys.operation, overrides).then(
        (plan) => {
          plans.set(cacheKeySuffix, plan);
          return plan;
        },
        (error: unknown) => {
          metrics.planFailed();
          plans.delete(cacheKeySuffix);
          throw error;
        },
      );
      plans.set(cacheKeySuffix, creating);
      return creating;
    };
    return new CompiledOperation(apiSchema, normal, planned, { findPlan, unauthorized });
  };

  const accessTo = (normal: NormalForm, whole: CompiledOperation, rules: AccessRules): OperationAccess<CompiledOperation> | undefined => {
    const fragments = fragmentsOfForm(normal);
    const found: Demands[] = [];
    const note = (demands: Demands): false => {
      found.push(demands);
      return false;
    };
    cutOperation(normal.operation, { fragments, rules, isCut: note });
    const demands = union(found);
    if (demands.size === 0) return undefined;
    const cut = (isMet: (demand: Demand) => boolean, signature: string): CompiledOperation => {
      const form = cutOperation(normal.operation, { fragments, rules, isCut: (asked) => [...asked].some((demand) => !isMet(demand)) });
      return compileForm(cutNormalForm(normal, { ...form, signature }), form);
    };
    return new OperationAccess({ demands, whole, cut, policies: deps.policies });
  };

  const compile = (normal: NormalForm): CompiledOperation => {
    const operation = compileForm(normal);
    if (rules !== undefined) operation.access = accessTo(normal, operation, rules);
    return operation;
  };

  const prepareNew = async (query: string, operationName: string | undefined): Promise<CompiledOperation> => {
    const startedAt = performance.now();
    const { introspection, limits } = settings;
    const normal = toNormalForm(validDocument(query, { schema: apiSchema, introspection, limits }), operationName);
    const { operation: kind } = normal.operation;
    if (!apiSchema.getRootType(kind)) {
      throw new OperationRefused('GRAPHQL_VALIDATION_FAILED', [
        new GraphQLError(`The schema has no ${kind === 'query' ? 'queries' : `${kind}s`}.`),
      ]);
    }
    const operation = cache.findNormal(normal.text) ?? compile(normal);
    cache.keep(query, operationName, operation);
    deps.recordOperation?.(query, operationName);
    metrics.prepared(performance.now() - startedAt);
    return operation;
  };

  return {
    number: deps.number,
    plannerName: planner.name,
    supergraph,
    sources: deps.sources,
    apiSchema,
    chooseOverrides,
    authorize: (operation, identity) => (operation.access === undefined ? operation : operation.access.formFor(identity)),
    deferred,
    find: (query, operationName) => cache.find(query, operationName),
    prepare(query, operationName) {
      const key = `${operationName ?? ''}\n${query}`;
      let running = preparing.get(key);
      if (running === undefined) {
        running = prepareNew(query, operationName).finally(() => preparing.delete(key));
        preparing.set(key, running);
      }
      return running;
    },
    recent: (limit) => cache.recent(limit),
    cacheSizes: () => cache.sizes(),
    begin: () => {
      active += 1;
    },
    end: () => {
      active -= 1;
      if (active === 0) unused?.();
    },
    async retire() {
      if (active > 0) await new Promise<void>((resolve) => (unused = resolve));
      await close();
    },
    close,
  };
}

import type { Identity } from '@loomgraph/auth';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { fragmentsOf } from '../../execution/answer/selected-fields.js';
import { OperationRefused } from '../../execution/operation-refused.js';
import { LimitExceededError } from '../limits/limit-exceeded.js';
import { compileCost, type OperationCost } from './compile-cost.js';
import { readCostSchema, type CostSchema } from './cost-schema.js';
import type { ListSettings } from './list-size.js';
import type { Variables } from './term.js';

/** `measure`: costs are estimated, counted and logged, and nothing is refused. */
export const costModes = ['enforce', 'measure', 'off'] as const;
export type CostMode = (typeof costModes)[number];

export interface CostSettings extends ListSettings {
  readonly mode: CostMode;
  /** Of one request; `Infinity`: any. */
  readonly maxCost: number;
  /** What callers of a role may ask for; the most of what a caller's roles allow counts. */
  readonly maxCostByRole: ReadonlyMap<string, number>;
}

export const defaultCostSettings: CostSettings = {
  mode: 'enforce',
  maxCost: 100_000,
  maxCostByRole: new Map(),
  defaultListSize: 10,
  listArguments: ['first', 'last', 'limit'],
};

/** What is asked of one request. */
export interface Demand {
  readonly estimate: number;
  readonly max: number;
}

/** As clients are shown it: JSON knows no infinity. */
export function shownDemand({ estimate, max }: Demand): { readonly estimate: number; readonly max: number | null } {
  return { estimate, max: Number.isFinite(max) ? max : null };
}

/** A compiled operation, as far as its cost is concerned; the object itself is the key under which its cost is kept. */
export interface CostedOperation {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly name: string | undefined;
}

export interface CostedSchemas {
  readonly apiSchema: GraphQLSchema;
  readonly supergraph: GraphQLSchema;
}

/** Who asks, as far as that changes what they may. */
export interface CostedCaller {
  readonly identity: Pick<Identity, 'roles'> | null;
  readonly requestId: string;
}

/** Says what a request may cost, before it runs. */
export interface DemandControl {
  /**
   * `variables`: coerced, by the operation's own names.
   * @throws LimitExceededError (OPERATION_TOO_COSTLY), OperationRefused (BAD_USER_INPUT) where a list must be said to be of some size and is not
   */
  assess(
    operation: CostedOperation,
    schemas: CostedSchemas,
    request: { readonly variables: Variables; readonly caller: CostedCaller },
  ): Demand;
}

const COST_BUCKETS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

export function createDemandControl(deps: {
  readonly settings: CostSettings;
  readonly metrics: Metrics;
  readonly logger: Logger;
}): DemandControl | undefined {
  const { settings, metrics, logger } = deps;
  if (settings.mode === 'off') return undefined;
  const isEnforced = settings.mode === 'enforce';
  const costs = new WeakMap<CostedOperation, OperationCost>();
  const costSchemas = new WeakMap<GraphQLSchema, CostSchema>();
  const histogram = metrics.histogram('gateway_operation_cost', 'Estimated cost of operations.', [], COST_BUCKETS);
  const over = metrics.counter('gateway_operations_over_cost_total', 'Operations that may cost more than is allowed, refused or not.', []);
  over.inc({}, 0);

  const costSchemaOf = (supergraph: GraphQLSchema): CostSchema => {
    let found = costSchemas.get(supergraph);
    if (found === undefined) costSchemas.set(supergraph, (found = readCostSchema(supergraph)));
    return found;
  };
  const costOf = (operation: CostedOperation, { apiSchema, supergraph }: CostedSchemas): OperationCost => {
    let found = costs.get(operation);
    if (found === undefined) {
      const document = { operation: operation.operation, fragments: fragmentsOf(operation.document) };
      found = compileCost(document, { schema: apiSchema, costs: costSchemaOf(supergraph), lists: settings });
      costs.set(operation, found);
    }
    return found;
  };
  const maxOf = (caller: CostedCaller): number => {
    let max = settings.maxCost;
    for (const role of caller.identity?.roles ?? []) max = Math.max(max, settings.maxCostByRole.get(role) ?? 0);
    return max;
  };

  return {
    assess(operation, schemas, { variables, caller }) {
      const cost = costOf(operation, schemas);
      const problem = isEnforced ? cost.problem(variables) : undefined;
      if (problem !== undefined) throw new OperationRefused('BAD_USER_INPUT', [new GraphQLError(problem)]);
      const estimate = cost.estimate(variables);
      histogram.observe({}, estimate);
      const max = maxOf(caller);
      if (estimate > max) {
        over.inc({});
        if (isEnforced) throw tooCostly(`The operation may cost ${estimate}`, { max, counted: estimate });
        const { requestId } = caller;
        logger.warn('An operation may cost more than is allowed', { requestId, operationName: operation.name, estimate, max });
      }
      return { estimate, max: isEnforced ? max : Infinity };
    },
  };
}

export function tooCostly(what: string, { max, counted }: { readonly max: number; readonly counted: number }): LimitExceededError {
  return new LimitExceededError(what, { limit: 'cost', max, counted, code: 'OPERATION_TOO_COSTLY' });
}

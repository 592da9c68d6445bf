import { Kind, type DocumentNode } from 'graphql';
import { silentLogger, type Logger } from '@loomgraph/telemetry';
import { overridesFor, readOverrides } from './overrides.js';
import { signPlan } from './plan-maker.js';
import type { PlanNode } from './plan.js';
import type { PlannerEngine } from './planner-messages.js';
import { createPlannerProcess } from './planner-process.js';
import type { Planner } from './planner.js';

/** A planner that holds a process. */
export interface IsolatedPlanner extends Planner, AsyncDisposable {
  /** Resolves once the planner runs and has taken the supergraph; rejects with why it does not. */
  ready(): Promise<void>;
}

export interface IsolatedPlannerOptions {
  readonly logger?: Logger;
  readonly idleMs?: number;
  readonly overtimeMs?: number;
  /** See `PlannerProcessOptions`. */
  readonly maxMemoryBytes?: number | undefined;
}

/** A planner over an engine in a process of its own (`planner-process.ts`). `convert` turns the engine's plan into ours. */
export function createIsolatedPlanner(
  engine: PlannerEngine,
  supergraphSdl: string,
  convert: (plan: unknown) => PlanNode | undefined,
  options: IsolatedPlannerOptions,
): IsolatedPlanner {
  const { labels, percentages, all } = readOverrides(supergraphSdl);
  const planners = createPlannerProcess({ ...options, engine, supergraphSdl, logger: options.logger ?? silentLogger });
  return {
    name: engine,
    overrideLabels: labels,
    overridePercentages: percentages,
    ready: () => planners.ready(),
    async plan({ document, text, operationName }, choice, signal) {
      if (needsNoSubgraph(document)) return undefined;
      const overrides = overridesFor(all, choice);
      const plan = await planners.plan({ text, operationName, overrides, percentage: choice.percentage }, signal);
      return signPlan(convert(plan), engine);
    },
    [Symbol.asyncDispose]: () => planners[Symbol.asyncDispose](),
  };
}

/** The normal form leaves a lone `__typename` where an operation asks for nothing that a subgraph has. */
function needsNoSubgraph({ definitions }: DocumentNode): boolean {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return (
    operation?.selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename') ?? false
  );
}

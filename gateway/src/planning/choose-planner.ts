import { createApolloPlanner } from './apollo-planner.js';
import { createFallbackPlanner } from './fallback-planner.js';
import { createHivePlanner } from './hive-planner.js';
import type { IsolatedPlanner } from './isolated-planner.js';
import type { PlannerSetting } from './planner-setting.js';
import { silentLogger, type Logger } from '@loomgraph/telemetry';
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import { lostByHive } from './lost-by-hive.js';
import type { PlanNode } from './plan.js';
import type { PlannedOperation } from './planner.js';
import { createStepwisePlanner } from './stepwise-planner.js';
import { verifyPlan } from './verify-plan.js';

export interface ChoosePlannerOptions {
  readonly supergraphSdl: string;
  /**
   * `auto`: Hive's planner where it runs and knows all the supergraph uses, Apollo's otherwise, and for the operations that one cannot
   * plan or plans wrongly the others in turn. The other settings force one planner. `auto` when left out.
   */
  readonly planner?: PlannerSetting;
  readonly logger?: Logger;
  /** Of each planner process, see `PlannerProcessOptions`. */
  readonly maxMemoryBytes?: number | undefined;
}

/**
 * The planner for one supergraph, ready to plan; one line in the log says which and why. Dispose of it with the supergraph.
 * Rejects with `PlanningFailedError` when the planner does not run or does not take the supergraph.
 */
export async function choosePlanner(options: ChoosePlannerOptions): Promise<IsolatedPlanner> {
  const { supergraphSdl, planner: setting = 'auto', logger = silentLogger, maxMemoryBytes } = options;
  const create = {
    hive: (): IsolatedPlanner => createHivePlanner(supergraphSdl, { logger, maxMemoryBytes }),
    apollo: (): IsolatedPlanner => createApolloPlanner(supergraphSdl, { logger, maxMemoryBytes }),
    stepwise: (): IsolatedPlanner => createStepwisePlanner(supergraphSdl),
  };
  const use = async (planner: IsolatedPlanner, reason: string): Promise<IsolatedPlanner> => {
    try {
      await planner.ready();
    } catch (error) {
      await planner[Symbol.asyncDispose]();
      throw error;
    }
    logger.info('Query planner chosen', { planner: planner.name, reason });
    return planner;
  };

  if (setting !== 'auto') return use(create[setting](), 'the setting asks for it');
  const verify = createVerify(supergraphSdl, logger);
  const useApollo = (reason: string): Promise<IsolatedPlanner> => {
    const planner = createFallbackPlanner({ first: create.apollo(), others: [create.stepwise], unsuited: () => undefined, verify, logger });
    return use(planner, reason);
  };
  const unknown = unknownToHive(supergraphSdl);
  // The check and the other planners do not know it either.
  if (unknown !== undefined) return use(create.apollo(), `Hive's planner does not know ${unknown}`);
  try {
    const first = create.hive();
    const planner = createFallbackPlanner({ first, others: [create.stepwise, create.apollo], unsuited: lostByHive, verify, logger });
    return await use(planner, 'it is the faster one');
  } catch (error) {
    return useApollo(error instanceof Error ? error.message : String(error));
  }
}

function unknownToHive(supergraphSdl: string): string | undefined {
  return /specs\.apollo\.dev\/context\//.test(supergraphSdl) ? '@fromContext' : undefined;
}

/** A check of plans that ends in no failure: one that breaks finds nothing. */
function createVerify(
  supergraphSdl: string,
  logger: Logger,
): (plan: PlanNode | undefined, operation: PlannedOperation) => string | undefined {
  // Built for the first plan: the planner's own copy takes the time of starting already.
  let schema: GraphQLSchema | undefined;
  return (plan, operation) => {
    try {
      schema ??= buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValid: true });
      return verifyPlan({ plan, operation, supergraph: schema });
    } catch (error) {
      logger.error('a plan could not be checked', { operation: operation.operationName, error: String(error) });
      return undefined;
    }
  };
}

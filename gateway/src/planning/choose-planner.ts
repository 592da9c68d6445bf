import { createApolloPlanner } from './apollo-planner.js';
import { createFallbackPlanner } from './fallback-planner.js';
import { createHivePlanner } from './hive-planner.js';
import type { IsolatedPlanner } from './isolated-planner.js';
import type { PlannerSetting } from './planner-setting.js';
import { silentLogger, type Logger } from '@loomgraph/telemetry';

export interface ChoosePlannerOptions {
  readonly supergraphSdl: string;
  /**
   * `auto`: Hive's planner where it runs and knows all the supergraph uses, Apollo's for the operations it cannot plan, and for all
   * otherwise. The other two force one planner. `auto` when left out.
   */
  readonly planner?: PlannerSetting;
  readonly logger?: Logger;
}

/**
 * The planner for one supergraph, ready to plan; one line in the log says which and why. Dispose of it with the supergraph.
 * Rejects with `PlanningFailedError` when the planner does not run or does not take the supergraph.
 */
export async function choosePlanner(options: ChoosePlannerOptions): Promise<IsolatedPlanner> {
  const { supergraphSdl, planner: setting = 'auto', logger = silentLogger } = options;
  const createApollo = (): IsolatedPlanner => createApolloPlanner(supergraphSdl, { logger });
  const createHive = (): IsolatedPlanner => createHivePlanner(supergraphSdl, { logger });
  const use = async (planner: IsolatedPlanner, reason: string): Promise<IsolatedPlanner> => {
    try {
      await planner.ready();
    } catch (error) {
      await planner[Symbol.asyncDispose]();
      throw error;
    }
    logger.info('query planner chosen', { planner: planner.name, reason });
    return planner;
  };

  if (setting !== 'auto') return use(setting === 'hive' ? createHive() : createApollo(), 'the setting asks for it');
  const unknown = unknownToHive(supergraphSdl);
  if (unknown !== undefined) return use(createApollo(), `Hive's planner does not know ${unknown}`);
  try {
    const first = createHive();
    return await use(createFallbackPlanner({ first, createSecond: createApollo, unsuited: lostByHive, logger }), 'it is the faster one');
  } catch (error) {
    return use(createApollo(), error instanceof Error ? error.message : String(error));
  }
}

function unknownToHive(supergraphSdl: string): string | undefined {
  return /specs\.apollo\.dev\/context\//.test(supergraphSdl) ? '@fromContext' : undefined;
}

/**
 * What Hive's planner drops or changes without a word. Text inside strings can look the same; that operation is then planned by the
 * other planner, which costs time only.
 */
function lostByHive(text: string): string | undefined {
  if (/@(?!skip\b|include\b)[_A-Za-z]/.test(text)) return 'it has a directive other than @skip and @include';
  if (/\d[eE]\+?\d{3}/.test(text)) return 'it has a number too large for a double';
  return undefined;
}

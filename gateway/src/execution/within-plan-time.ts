import { LimitExceededError } from '../request/limits/limit-exceeded.js';

/**
 * Has an operation planned within a time. When that is over, the planner is told by the signal, and whoever waits is refused: an operation
 * that takes so long is taken for one that is too large.
 * @throws LimitExceededError; and rejects with what `plan` does
 */
export async function withinPlanTime<Plan>(timeoutMs: number, plan: (signal: AbortSignal) => Promise<Plan>): Promise<Plan> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await plan(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new LimitExceededError(
      'Planning the operation takes too many milliseconds',
      { limit: 'planTime', max: timeoutMs },
      { cause: error },
    );
  }
}

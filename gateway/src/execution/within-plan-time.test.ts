import { withinPlanTime } from './within-plan-time.js';

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }));

describe('withinPlanTime', () => {
  it('answers the plan', async () => {
    expect(await withinPlanTime(10_000, async () => 'plan')).toBe('plan');
  });

  it('refuses what takes too long, with the limit', async () => {
    await expect(withinPlanTime(1, untilAborted)).rejects.toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      message: 'Planning the operation takes too many milliseconds; at most 1 are allowed.',
      details: { limit: 'planTime', max: 1 },
      cause: new Error('aborted'),
    });
  });

  it('rejects with what the planner says in time', async () => {
    await expect(withinPlanTime(10_000, () => Promise.reject(new Error('no plan')))).rejects.toThrow('no plan');
  });
});

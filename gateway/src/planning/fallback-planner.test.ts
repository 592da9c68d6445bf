import { createMemoryLogger } from '@loomgraph/telemetry';
import { createFallbackPlanner, type Unsuited } from './fallback-planner.js';
import type { IsolatedPlanner } from './isolated-planner.js';
import type { PlanNode } from './plan.js';
import { noOverride, planned } from './planners.fixture.js';

const plans = (name: string): PlanNode => ({
  kind: 'sequence',
  nodes: [{ kind: 'condition', variable: name, whenTrue: undefined, whenFalse: undefined }],
});
const FIRST = plans('first');
const SECOND = plans('second');

const planner = (name: string, plan: PlanNode | Error): IsolatedPlanner => ({
  name,
  overrideLabels: [],
  overridePercentages: [],
  ready: () => Promise.resolve(),
  plan: () => (plan instanceof Error ? Promise.reject(plan) : Promise.resolve(plan)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

interface Given {
  readonly first?: PlanNode | Error;
  readonly second?: PlanNode | Error;
  readonly doubt?: Unsuited;
  readonly problem?: string;
  readonly secondProblem?: string;
}

async function run({ first = FIRST, second = SECOND, doubt, problem, secondProblem }: Given) {
  const logger = createMemoryLogger();
  const both = createFallbackPlanner({
    first: planner('one', first),
    createSecond: () => planner('two', second),
    unsuited: () => doubt,
    verify: (plan) => (plan === FIRST ? problem : secondProblem),
    logger,
  });
  const plan = await both.plan(planned('query Named { me }'), noOverride);
  return { plan, lines: logger.lines.map(({ message, fields }) => ({ message, ...fields })) };
}

const told = (reason: string) => ({
  message: 'An operation is planned by the second planner',
  operation: 'Named',
  planner: 'two',
  reason,
});
const second = (reason: string) => ({ message: 'The second planner finds no plan', operation: 'Named', reason });

describe('createFallbackPlanner', () => {
  it('uses the plan of the first when nothing is wrong with it', async () => {
    expect(await run({})).toEqual({ plan: FIRST, lines: [] });
  });

  it('uses that of the second when the first is wrong, and says what is wrong', async () => {
    expect(await run({ problem: 'x is missing' })).toEqual({ plan: SECOND, lines: [told('the plan of the first is wrong: x is missing')] });
  });

  it('uses that of the second when both look wrong', async () => {
    const { plan, lines } = await run({ problem: 'x is missing', secondProblem: 'y is missing' });
    expect(plan).toBe(SECOND);
    expect(lines.slice(1)).toEqual([
      { message: 'The plan of the second planner looks wrong', operation: 'Named', problem: 'y is missing' },
    ]);
  });

  it('uses a plan that looks wrong when there is no other', async () => {
    expect(await run({ problem: 'x is missing', second: new Error('no') })).toEqual({
      plan: FIRST,
      lines: [told('the plan of the first is wrong: x is missing'), second('no')],
    });
  });

  it('asks the first after all when the second does not plan an operation that the first only loses something of', async () => {
    const doubt = { reason: 'it is odd', isUsable: true };
    expect(await run({ doubt })).toEqual({ plan: SECOND, lines: [told('it is odd')] });
    expect(await run({ doubt, second: new Error('no') })).toEqual({ plan: FIRST, lines: [told('it is odd'), second('no')] });
  });

  it('refuses where the plan of the first would be of another operation', async () => {
    await expect(run({ doubt: { reason: 'it is odd', isUsable: false }, second: new Error('no') })).rejects.toThrow('no');
  });

  it('says what both planners say when neither plans', async () => {
    await expect(run({ first: new Error('not I'), second: new Error('nor I') })).rejects.toThrow(
      'Neither planner finds a plan. not I Error: nor I',
    );
  });
});

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
const THIRD = plans('third');

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
  readonly third?: PlanNode | Error;
  readonly doubt?: Unsuited;
  readonly wrong?: readonly PlanNode[];
}

async function run({ first = FIRST, second = SECOND, third = THIRD, doubt, wrong = [] }: Given) {
  const logger = createMemoryLogger();
  const all = createFallbackPlanner({
    first: planner('one', first),
    others: [() => planner('two', second), () => planner('three', third)],
    unsuited: () => doubt,
    verify: (plan) => (wrong.some((one) => one === plan) ? 'x is missing' : undefined),
    logger,
  });
  const plan = await all.plan(planned('query Named { me }'), noOverride);
  return { plan, lines: logger.lines.map(({ message, fields }) => ({ message, ...fields })) };
}

const told = (name: string, reason: string) => ({
  message: 'An operation is planned by another planner',
  operation: 'Named',
  planner: name,
  reason,
});
const noneRight = (reason: string) => ({ message: 'No plan looks right', operation: 'Named', reason });

describe('createFallbackPlanner', () => {
  it('uses the plan of the first when nothing is wrong with it', async () => {
    expect(await run({})).toEqual({ plan: FIRST, lines: [] });
  });

  it('uses that of the next when one is wrong or there is none, and says why', async () => {
    const byFirst = told('two', 'the plan of one is wrong: x is missing');
    expect(await run({ wrong: [FIRST] })).toEqual({ plan: SECOND, lines: [byFirst] });
    expect(await run({ wrong: [FIRST, SECOND] })).toEqual({
      plan: THIRD,
      lines: [byFirst, told('three', 'the plan of two is wrong: x is missing')],
    });
    expect(await run({ first: new Error('not I'), second: new Error('nor I') })).toEqual({
      plan: THIRD,
      lines: [told('two', 'one finds no plan: not I'), told('three', 'two finds no plan: nor I')],
    });
  });

  it('uses that of the second when all look wrong', async () => {
    const { plan, lines } = await run({ wrong: [FIRST, SECOND, THIRD] });
    expect(plan).toBe(SECOND);
    expect(lines.at(-1)).toEqual(noneRight('the plan of three is wrong: x is missing'));
  });

  it('uses a plan that looks wrong when there is no other', async () => {
    const { plan, lines } = await run({ wrong: [FIRST], second: new Error('no'), third: new Error('never') });
    expect(plan).toBe(FIRST);
    expect(lines.at(-1)).toEqual(noneRight('three finds no plan: never'));
    expect((await run({ first: new Error('no'), second: new Error('no'), wrong: [THIRD] })).plan).toBe(THIRD);
  });

  it('asks the first after all when no other plans an operation that the first only loses something of', async () => {
    const doubt = { reason: 'it is odd', isUsable: true };
    expect(await run({ doubt })).toEqual({ plan: SECOND, lines: [told('two', 'it is odd')] });
    expect((await run({ doubt, second: new Error('no'), third: new Error('no') })).plan).toBe(FIRST);
  });

  it('refuses where the plan of the first would be of another operation', async () => {
    const doubt = { reason: 'it is odd', isUsable: false };
    await expect(run({ doubt, second: new Error('no'), third: new Error('no') })).rejects.toThrow('no');
  });

  it('says what all planners say when none plans', async () => {
    await expect(run({ first: new Error('not I'), second: new Error('nor I'), third: new Error('never') })).rejects.toThrow(
      'No planner finds a plan. not I nor I never',
    );
  });
});

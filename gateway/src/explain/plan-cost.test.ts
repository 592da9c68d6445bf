import type { PlanNode } from '../planning/plan.js';
import { costOf } from './plan-cost.js';
import { rootFetch } from './root-fetch.fixture.js';

const fetch = rootFetch('a');

describe('costOf', () => {
  it.each<[string, PlanNode | undefined, readonly number[]]>([
    ['no plan', undefined, []],
    ['one fetch', fetch, [1]],
    ['a sequence', { kind: 'sequence', nodes: [fetch, fetch] }, [1, 1]],
    ['fetches side by side', { kind: 'parallel', nodes: [fetch, fetch, fetch] }, [3]],
    [
      'branches of unequal length, and what waits for both',
      { kind: 'sequence', nodes: [{ kind: 'parallel', nodes: [fetch, { kind: 'sequence', nodes: [fetch, fetch] }] }, fetch] },
      [2, 1, 1],
    ],
    [
      'the side that is taken',
      { kind: 'condition', variable: 'yes', whenTrue: fetch, whenFalse: { kind: 'sequence', nodes: [fetch, fetch] } },
      [1],
    ],
    [
      'the other side',
      { kind: 'condition', variable: 'no', whenTrue: fetch, whenFalse: { kind: 'sequence', nodes: [fetch, fetch] } },
      [1, 1],
    ],
    ['a side without a fetch', { kind: 'condition', variable: 'no', whenTrue: fetch, whenFalse: undefined }, []],
  ])('counts %s', (_title, plan, fetchesByDepth) => {
    const fetches = fetchesByDepth.reduce((sum, count) => sum + count, 0);
    expect(costOf(plan, { yes: true, no: false })).toEqual({ fetches, depth: fetchesByDepth.length, fetchesByDepth });
  });
});

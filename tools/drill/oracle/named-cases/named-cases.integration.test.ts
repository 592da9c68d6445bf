import { namedCases } from './all.ts';
import { runNamedCase } from './run-named-cases.ts';

describe('traps other planners and executors fell into', () => {
  it.each(namedCases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await runNamedCase(one, 'default planner, local subgraphs')).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(namedCases.map(({ name }) => name)).size).toBe(namedCases.length);
  });
});

import { createOverrideChoice } from './override-choice.js';

const planner = { overrideLabels: ['beta', 'alpha'], overridePercentages: [25, 75, 0, 100] };

describe('createOverrideChoice', () => {
  it('gives all percentages between two labels one choice', () => {
    const draws = [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999];
    const choose = createOverrideChoice({ planner, random: () => draws.shift() ?? 0 });
    const chosen = Array.from({ length: 6 }, () => choose(undefined));
    expect(chosen.map(({ choice }) => choice.percentage)).toEqual([12.5, 12.5, 50, 50, 87.5, 87.5]);
    expect(chosen.map(({ cacheKeySuffix }) => cacheKeySuffix)).toEqual(['#0', '#0', '#1', '#1', '#2', '#2']);
    expect(new Set(chosen).size).toBe(3);
  });

  it('tells label sets apart and ignores labels the supergraph does not have', () => {
    const choose = createOverrideChoice<readonly string[]>({ planner, random: () => 0.5, activeLabels: (caller) => new Set(caller) });
    expect(choose(['beta', 'alpha', 'unknown'])).toEqual({
      choice: { activeLabels: new Set(['alpha', 'beta']), percentage: 50 },
      cacheKeySuffix: '#1+alpha+beta',
    });
    expect(choose(['alpha', 'beta'])).toBe(choose(['beta', 'alpha']));
    expect(choose(['unknown'])).toBe(choose([]));
  });

  it('adds nothing to the key where there is nothing to choose', () => {
    const choose = createOverrideChoice({ planner: { overrideLabels: [], overridePercentages: [] } });
    expect(choose(undefined)).toMatchObject({ cacheKeySuffix: '' });
    expect(choose(undefined)).toBe(choose('other'));
  });
});

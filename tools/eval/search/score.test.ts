import { score } from './score.ts';

describe('score', () => {
  const judgement = { query: 'q', relevant: ['a', 'b'] };

  it('counts first places, places and shares', () => {
    const scores = score([
      { judgement, hits: ['a', 'x', 'b'] },
      { judgement, hits: ['x', 'b', 'y'] },
      { judgement, hits: ['x', 'y'] },
      { judgement, hits: [] },
    ]);
    expect(scores.top1).toBe(0.25);
    expect(scores.mrr).toBeCloseTo((1 + 0.5) / 4);
    expect(scores.recallAt5).toBeCloseTo((1 + 0.5) / 4);
  });

  it('does not count what stands after the fifth place as found', () => {
    expect(score([{ judgement, hits: ['1', '2', '3', '4', '5', 'a'] }])).toEqual({ top1: 0, mrr: 1 / 6, recallAt5: 0 });
  });
});

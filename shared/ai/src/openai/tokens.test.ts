import { estimateTokens, toBatches, truncateToTokens } from './tokens.js';

describe('tokens', () => {
  it('estimates by bytes, so that a Chinese character is one', () => {
    expect([estimateTokens(''), estimateTokens('abcdef'), estimateTokens('简历')]).toEqual([0, 2, 2]);
  });

  it('truncates between characters', () => {
    expect(truncateToTokens('short', 10)).toBe('short');
    expect(truncateToTokens('abcdefghi', 2)).toBe('abcdef');
    expect(truncateToTokens('a简历模板', 2)).toBe('a简');
    expect(truncateToTokens('👍👍', 2)).toBe('👍');
  });

  it('cuts batches within both limits, keeping the order', () => {
    const limits = { maxBatchItems: 3, maxBatchTokens: 10 };
    const batches = toBatches([4, 4, 4, 20, 1, 1, 1, 1], (cost) => cost, limits);
    expect(batches.map(({ items }) => items)).toEqual([[4, 4], [4], [20], [1, 1, 1], [1]]);
    expect(batches.map(({ tokens }) => tokens)).toEqual([8, 4, 20, 3, 1]);
    expect(toBatches([], () => 1, limits)).toEqual([]);
  });
});

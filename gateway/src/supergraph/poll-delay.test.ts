import { pollDelayMs } from './poll-delay.js';

describe('pollDelayMs', () => {
  it.each([
    [0, 0.5, 1_000],
    [1, 0.5, 2_000],
    [2, 0.5, 4_000],
    [3, 0.5, 8_000],
    [50, 0.5, 8_000],
    [0, 0, 900],
    [0, 1, 1_100],
  ])('after %i failures and a throw of %d', (failures, random, expected) => {
    expect(pollDelayMs({ intervalMs: 1_000, failures, random })).toBeCloseTo(expected);
  });
});

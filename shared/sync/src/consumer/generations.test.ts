import { addCut, groupOf, inboxOf, sinceOf, type ConsumerPosition } from './generations.js';

const first: ConsumerPosition = { generation: 1, cuts: [[1, 0]], movedAt: 0, movedBy: undefined };
const moved = (position: ConsumerPosition, sinceMs: number): ConsumerPosition => ({
  ...position,
  generation: position.generation + 1,
  cuts: addCut(position, sinceMs),
});
const inboxesAt = ({ cuts }: ConsumerPosition, ...times: number[]): string[] => times.map((time) => inboxOf('c', cuts, time));

describe('generations of a consumer', () => {
  it('begin with the plain name', () => {
    expect([groupOf('c', 1), groupOf('c', 3)]).toEqual(['c', 'c.3']);
    expect(inboxesAt(first, 0, 1_000)).toEqual(['c', 'c']);
  });

  it('give the events since the point an inbox of their own, and leave older ones theirs', () => {
    const second = moved(first, 100);
    expect(inboxesAt(second, 0, 99, 100, 1_000)).toEqual(['c', 'c', 'c#2', 'c#2']);
    expect(sinceOf(second)).toBe(100);
  });

  it('keep those that a later point does not reach', () => {
    const third = moved(moved(first, 100), 200);
    expect(inboxesAt(third, 99, 100, 199, 200)).toEqual(['c', 'c#2', 'c#2', 'c#3']);
  });

  it('forget those that a point reaches behind', () => {
    const third = moved(moved(first, 100), 50);
    expect(third.cuts).toEqual([
      [1, 0],
      [3, 50],
    ]);
    expect(inboxesAt(third, 49, 50, 100)).toEqual(['c', 'c#3', 'c#3']);
    expect(moved(third, 0).cuts).toEqual([[4, 0]]);
  });
});

import { LoomError, StoreError } from '@loomgraph/core';
import { deliverInParts } from './deliver-in-parts.js';

describe('delivering a batch in parts', () => {
  /** One that was found out before. */
  const SUSPECT = 100;
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);

  /** Delivers numbers; what `fault` names fails, with all that are delivered beside it. */
  function target(fault: (item: number) => Error | undefined) {
    const settled: number[] = [];
    const blamed: number[] = [];
    let tries = 0;
    return {
      settled,
      blamed,
      tries: () => tries,
      parts: {
        deliver: async (part: readonly number[]) => {
          tries++;
          for (const item of part) {
            const error = fault(item);
            if (error) throw error;
          }
          settled.push(...part);
        },
        blame: async (item: number) => void blamed.push(item),
        isSuspect: async (item: number) => item === SUSPECT,
      },
    };
  }
  const bad = new LoomError('BAD_USER_INPUT', 'bad');
  const late = new StoreError('timeout', 'target', 'late');
  const away = new StoreError('unavailable', 'target', 'away');

  it('tries once when nothing fails', async () => {
    const { parts, tries, settled } = target(() => undefined);
    await deliverInParts(range(64), parts);
    expect({ tries: tries(), settled: settled.length }).toEqual({ tries: 1, settled: 64 });
  });

  it.each([0, 31, 63])('finds the bad one of 64 at %i in 2 log n tries, and delivers all others', async (poison) => {
    const { parts, tries, settled, blamed } = target((item) => (item === poison ? bad : undefined));
    await deliverInParts(range(64), parts);
    expect(blamed).toEqual([poison]);
    expect(settled.toSorted((a, b) => a - b)).toEqual(range(64).filter((item) => item !== poison));
    expect(tries()).toBeLessThanOrEqual(1 + 2 * 6);
  });

  it('finds several bad ones', async () => {
    const { parts, blamed, settled } = target((item) => ([3, 17, 18, 60].includes(item) ? bad : undefined));
    await deliverInParts(range(64), parts);
    expect(blamed).toEqual([3, 17, 18, 60]);
    expect(settled).toHaveLength(60);
  });

  it.each([0, 40, 63])('finds the one of 64 that is always late at %i, and delivers all others', async (slow) => {
    const { parts, tries, blamed, settled } = target((item) => (item === slow ? late : undefined));
    await deliverInParts(range(64), parts);
    expect(blamed).toEqual([slow]);
    expect(settled).toHaveLength(63);
    expect(tries()).toBeLessThanOrEqual(2 + 2 * 6);
  });

  it('blames nobody when both halves are late: the target is', async () => {
    const { parts, tries, blamed } = target(() => late);
    await expect(deliverInParts(range(64), parts)).rejects.toBe(late);
    expect({ tries: tries(), blamed }).toEqual({ tries: 3, blamed: [] });
  });

  it('blames nobody for being late alone', async () => {
    const { parts, blamed } = target(() => late);
    await expect(deliverInParts([1], parts)).rejects.toBe(late);
    expect(blamed).toEqual([]);
  });

  it('blames one that is late alone when it was found out before', async () => {
    const { parts, blamed } = target(() => late);
    await deliverInParts([SUSPECT], parts);
    expect(blamed).toEqual([SUSPECT]);
  });

  it('blames nobody when a target that was late is back at the second try', async () => {
    let failures = 0;
    const { parts, blamed, settled } = target((item) => (item === 0 && failures++ < 2 ? late : undefined));
    await deliverInParts([0, 1], parts);
    expect({ blamed, settled: settled.length }).toEqual({ blamed: [], settled: 2 });
  });

  it('ends at once when the target is away, also in the middle', async () => {
    let tries = 0;
    const { parts, blamed } = target((item) => (item === 5 ? (tries++ < 2 ? bad : away) : undefined));
    await expect(deliverInParts(range(8), parts)).rejects.toBe(away);
    expect(blamed).toEqual([]);
  });
});

import { chooseReplica } from './choose-replica.js';

const replica = (load: number, state: { isOpen?: boolean; isHealthy?: boolean } = {}) => ({
  isHealthy: state.isHealthy ?? true,
  load: () => load,
  breaker: { admits: () => state.isOpen !== true },
});

describe('chooseReplica', () => {
  it('takes the better of two at random, so that not everyone runs to the best', () => {
    const [best, middle, worst] = [replica(1), replica(2), replica(3)];
    const taken = new Map<unknown, number>();
    for (let i = 0; i < 3_000; i++) {
      const chosen = chooseReplica([best, middle, worst], 0, undefined);
      taken.set(chosen, (taken.get(chosen) ?? 0) + 1);
    }
    expect(taken.has(worst)).toBe(false);
    // Two thirds of the pairs hold the best one.
    expect(taken.get(best)).toBeGreaterThan(1_800);
    expect(taken.get(middle)).toBeGreaterThan(800);
  });

  it('takes none whose breaker is open', () => {
    const [open, closed] = [replica(1, { isOpen: true }), replica(9)];
    expect(chooseReplica([open, closed], 0, undefined)).toBe(closed);
    expect(chooseReplica([open], 0, undefined)).toBeUndefined();
    expect(chooseReplica([open, replica(1, { isOpen: true })], 0, undefined)).toBeUndefined();
  });

  it('prefers what is healthy and was not tried, and takes what there is', () => {
    const [tried, ill, well] = [replica(1), replica(1, { isHealthy: false }), replica(9)];
    expect(chooseReplica([tried, ill, well], 0, [tried])).toBe(well);
    expect(chooseReplica([tried, ill], 0, [tried])).toBe(ill);
    expect(chooseReplica([tried, replica(1, { isOpen: true })], 0, [tried])).toBe(tried);
    expect(chooseReplica([ill], 0, undefined)).toBe(ill);
  });
});

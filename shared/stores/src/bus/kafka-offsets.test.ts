import { PartitionOffsets } from './kafka-offsets.js';

describe('PartitionOffsets', () => {
  it('commits up to the oldest message that is not handled', () => {
    const offsets = new PartitionOffsets();
    for (const offset of [10n, 11n, 13n]) expect(offsets.take(offset)).toBe(true);
    expect(offsets.toCommit).toBeUndefined();
    offsets.done(11n);
    expect(offsets.toCommit).toBeUndefined();
    offsets.done(10n);
    expect(offsets.toCommit).toBe(13n);
    offsets.committed(13n);
    expect(offsets.toCommit).toBeUndefined();
    offsets.done(13n);
    expect(offsets.toCommit).toBe(14n);
  });

  it('refuses what it took before, as a rebalance delivers it again', () => {
    const offsets = new PartitionOffsets();
    offsets.take(0n);
    offsets.take(1n);
    offsets.done(0n);
    expect([0n, 1n, 2n].map((offset) => offsets.take(offset))).toEqual([false, false, true]);
    expect(offsets.toCommit).toBe(1n);
  });
});

import { Cancellation, type CancelReason } from './cancellation.js';

const watched = (cancellation: Cancellation): CancelReason[] => {
  const told: CancelReason[] = [];
  cancellation.add({ cancel: (reason) => void told.push(reason) });
  return told;
};

describe('Cancellation', () => {
  it('tells what is under way once, and not what was removed', () => {
    const cancellation = new Cancellation();
    const told = watched(cancellation);
    const removed = { cancel: () => told.push('timeout') };
    cancellation.add(removed);
    cancellation.remove(removed);
    expect(cancellation.reason).toBeUndefined();
    cancellation.cancel('disconnected');
    cancellation.expire();
    expect(told).toEqual(['disconnected']);
    expect(cancellation.reason).toBe('disconnected');
  });

  it('goes on while one of those who joined waits', () => {
    const [first, second, third] = [new Cancellation(), new Cancellation(), new Cancellation()];
    const told = watched(first);
    first.join(second);
    first.join(third);
    first.cancel('disconnected');
    first.expire();
    second.cancel('disconnected');
    expect(told).toEqual([]);
    third.expire();
    expect(told).toEqual(['timeout']);
  });

  it('goes on for who cannot leave', () => {
    const first = new Cancellation();
    first.join(undefined);
    first.cancel('disconnected');
    expect(first.reason).toBeUndefined();
  });

  it.each(['before', 'after'])('aborts a signal that is asked for %s', (when) => {
    const cancellation = new Cancellation();
    if (when === 'before') expect(cancellation.signal.aborted).toBe(false);
    cancellation.expire();
    expect(cancellation.signal.aborted).toBe(true);
    expect(cancellation.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('knows what is left of its time', () => {
    expect(new Cancellation().remainingMs).toBe(Infinity);
    const left = new Cancellation(1_000).remainingMs;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(1_000);
  });
});

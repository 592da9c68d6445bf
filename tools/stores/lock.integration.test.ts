import { withLock } from './lock.ts';

const name = `test ${process.pid}`;

describe('withLock', () => {
  it('lets one task in at a time, and tells the one that waits', async () => {
    const events: string[] = [];
    const inside = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const first = withLock({ name, timeoutMs: 5_000 }, async () => {
      inside.resolve();
      await release.promise;
      events.push('first done');
    });
    await inside.promise;
    const second = withLock({ name, timeoutMs: 5_000, onWait: () => release.resolve() }, async () => void events.push('second in'));
    await Promise.all([first, second]);
    expect(events).toEqual(['first done', 'second in']);
  });

  it('is free after a task that failed', async () => {
    await expect(withLock({ name, timeoutMs: 0 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock({ name, timeoutMs: 0 }, async () => 'in')).resolves.toBe('in');
  });

  it('gives up in time', async () => {
    await withLock({ name, timeoutMs: 0 }, async () => {
      await expect(withLock({ name, timeoutMs: 0 }, async () => 'in')).rejects.toThrow('still locked');
    });
  });
});

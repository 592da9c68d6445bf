import { BoundedQueue } from './bounded-queue.js';

const bounds = { maxItems: 2, maxBytes: 10 };

describe('BoundedQueue', () => {
  it('keeps order, and refuses what goes over either bound', async () => {
    const queue = new BoundedQueue<string>(bounds);
    expect([queue.push('a', 1), queue.push('b', 1), queue.push('c', 1)]).toEqual([true, true, false]);
    expect([await queue.take(), await queue.take()]).toEqual(['a', 'b']);
    expect([queue.push('large', 100), queue.push('d', 1)]).toEqual([true, false]);
  });

  it('hands an item to who waits for it', async () => {
    const queue = new BoundedQueue<string>(bounds);
    const taken = queue.take();
    queue.push('a', 100);
    expect(await taken).toBe('a');
  });

  it('ends after what waits, or in place of it; nothing is taken in then', async () => {
    const ended = new BoundedQueue<string>(bounds);
    ended.push('a', 1);
    ended.end();
    expect([ended.push('b', 1), await ended.take(), await ended.take()]).toEqual([true, 'a', undefined]);
    const cleared = new BoundedQueue<string>(bounds);
    cleared.push('a', 1);
    const empty = cleared.empty();
    cleared.clear();
    await empty;
    expect(await cleared.take()).toBeUndefined();
  });

  it('tells when nothing waits', async () => {
    const queue = new BoundedQueue<string>(bounds);
    await queue.empty();
    queue.push('a', 1);
    let isEmpty = false;
    const empty = queue.empty().then(() => (isEmpty = true));
    await Promise.resolve();
    expect(isEmpty).toBe(false);
    await queue.take();
    await empty;
  });
});

import { KeyedLanes } from './keyed-lanes.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A task that a test finishes by hand. */
function manual(lane: string, log: string[], name: string, isWanted: () => boolean = () => true) {
  let finish = (_error?: Error): void => undefined;
  const task = {
    lane,
    isWanted,
    run: (attempt: number) => {
      log.push(`${name}#${attempt}`);
      return new Promise<void>((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
    },
    onDone: () => log.push(`${name} done`),
  };
  return { task, finish: async (error?: Error) => (finish(error), settle()) };
}

describe('KeyedLanes', () => {
  it('runs lanes side by side within the room, each lane in order', async () => {
    const log: string[] = [];
    const lanes = new KeyedLanes({ hasRoom: (running) => running < 2 });
    const [a1, a2, b1, c1] = [manual('a', log, 'a1'), manual('a', log, 'a2'), manual('b', log, 'b1'), manual('c', log, 'c1')];
    for (const { task } of [a1, a2, b1, c1]) lanes.push(task);
    expect(log).toEqual(['a1#1', 'b1#1']);
    await b1.finish();
    await a1.finish();
    expect(log).toEqual(['a1#1', 'b1#1', 'b1 done', 'c1#1', 'a1 done', 'a2#1']);
    expect(lanes.pending).toBe(2);
    await Promise.all([a2.finish(), c1.finish()]);
    expect(lanes.pending).toBe(0);
  });

  it('repeats a failed task before the rest of its lane, counting from former attempts', async () => {
    const attempts: number[] = [];
    const lanes = new KeyedLanes({ hasRoom: (running) => running < 1, retry: { minDelayMs: 1, maxDelayMs: 2 } });
    await new Promise<void>((resolve) => {
      lanes.push({
        lane: 'a',
        formerAttempts: 3,
        run: async (attempt) => {
          attempts.push(attempt);
          if (attempt < 6) throw new Error('again');
        },
        onDone: () => undefined,
      });
      lanes.push({ lane: 'a', run: async (attempt) => void attempts.push(attempt), onDone: resolve });
    });
    expect(attempts).toEqual([4, 5, 6, 1]);
  });

  it('drops what is not wanted any more', async () => {
    const log: string[] = [];
    let wanted = true;
    const lanes = new KeyedLanes({ hasRoom: () => true });
    const [first, second, third] = [
      manual('a', log, 'first', () => wanted),
      manual('a', log, 'second', () => wanted),
      manual('a', log, 'third'),
    ];
    for (const { task } of [first, second, third]) lanes.push(task);
    wanted = false;
    await first.finish();
    expect(log).toEqual(['first#1', 'first done', 'third#1']);
    await third.finish();
    expect(lanes.pending).toBe(0);
  });

  it('close waits for what runs, starts nothing more, and ends waiting', async () => {
    const log: string[] = [];
    const lanes = new KeyedLanes({ hasRoom: (running) => running < 1 });
    const [first, second] = [manual('a', log, 'first'), manual('b', log, 'second')];
    lanes.push(first.task);
    lanes.push(second.task);
    const waiting = lanes.untilBelow(1, 60_000);
    let closed = false;
    const closing = lanes.close().then(() => {
      closed = true;
    });
    await waiting;
    await settle();
    expect(closed).toBe(false);
    await first.finish();
    await closing;
    lanes.push(manual('c', log, 'late').task);
    expect(log).toEqual(['first#1', 'first done']);
  });
});

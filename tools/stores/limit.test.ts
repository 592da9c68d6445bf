import { createLimit } from './limit.ts';

describe('createLimit', () => {
  it('runs no more tasks at a time than its width, in the order they came', async () => {
    const limit = createLimit(2);
    const events: string[] = [];
    const gates = ['a', 'b', 'c'].map((name) => ({ name, ...Promise.withResolvers<void>() }));
    const tasks = gates.map(({ name, promise }) =>
      limit(async () => {
        events.push(`start ${name}`);
        await promise;
        events.push(`end ${name}`);
      }),
    );
    await Promise.resolve();
    expect(events).toEqual(['start a', 'start b']);
    gates[1]?.resolve();
    await tasks[1];
    gates[0]?.resolve();
    gates[2]?.resolve();
    await Promise.all(tasks);
    expect(events.slice(0, 4)).toEqual(['start a', 'start b', 'end b', 'start c']);
  });

  it('frees the slot of a task that fails', async () => {
    const limit = createLimit(1);
    await expect(limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limit(async () => 'next')).resolves.toBe('next');
  });
});

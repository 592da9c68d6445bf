import { describeBusContract } from './contract.js';
import { createMemoryBus } from './memory.js';

const retry = { minDelayMs: 1, maxDelayMs: 4 };

describeBusContract({
  name: 'memory',
  create: async () => {
    const bus = createMemoryBus({ retry });
    return { bus, other: bus, reopen: async () => createMemoryBus({ retry }), [Symbol.asyncDispose]: () => bus.close() };
  },
});

describe('MemoryBus', () => {
  it('holds the newest messages only for groups that start later', async () => {
    await using bus = createMemoryBus({ retainMessages: 2 });
    const send = (messageId: string) => bus.publish('t', [{ messageId, key: 'k', body: '1', headers: {} }]);
    await send('1');
    await send('2');
    await send('3');
    const seen: string[] = [];
    const both = new Promise<void>((resolve) => {
      void bus.subscribe({
        topic: 't',
        group: 'g',
        from: 'earliest',
        handler: async ({ messageId }) => {
          if (seen.push(messageId) === 2) resolve();
        },
      });
    });
    await both;
    expect(seen).toEqual(['2', '3']);
  });
});

describe('MemoryBus with acknowledge "handled"', () => {
  const message = (messageId: string) => ({ messageId, key: 'k', body: '{}', headers: {} });

  it('resolves a publication once the groups with members have handled it', async () => {
    const bus = createMemoryBus({ acknowledge: 'handled' });
    const handled: string[] = [];
    await using _subscription = await bus.subscribe({
      topic: 't',
      group: 'g',
      handler: async ({ messageId }) => void handled.push(messageId),
    });
    await bus.publish('t', [message('1'), message('2')]);
    expect(handled).toEqual(['1', '2']);
    await bus.close();
  });

  it('rejects when a consumer does not, keeps the message, and does not queue it twice', async () => {
    const bus = createMemoryBus({ acknowledge: 'handled', handledWithinMs: 30, retry: { minDelayMs: 5 } });
    let broken = true;
    const seen: string[] = [];
    await using _subscription = await bus.subscribe({
      topic: 't',
      group: 'g',
      handler: async ({ messageId }) => {
        if (broken) throw new Error('not now');
        seen.push(messageId);
      },
    });
    await expect(bus.publish('t', [message('1')])).rejects.toMatchObject({ kind: 'timeout' });
    await expect(bus.publish('t', [message('1')])).rejects.toMatchObject({ kind: 'timeout' });
    broken = false;
    await bus.publish('t', [message('2')]);
    expect(seen).toEqual(['1', '2']);
    await bus.close();
  });
});

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

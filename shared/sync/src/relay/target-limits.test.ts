import { TargetLimits } from './target-limits.js';

describe('turns at a target', () => {
  it('shares between targets of one store, and keeps others apart', () => {
    const limits = new TargetLimits();
    expect(limits.of({ store: 'vectors' })).toBe(limits.of({ store: 'vectors' }));
    expect(limits.of({ store: 'vectors' })).not.toBe(limits.of({ store: 'graph' }));
    const alone = {};
    expect(limits.of(alone)).toBe(limits.of(alone));
    expect(limits.of(alone)).not.toBe(limits.of({}));
  });

  it('is fair between subgraphs first, then between the projections of each', async () => {
    const gate = new TargetLimits({ batchesPerStore: 1 }).of({ store: 'graph' });
    const order: string[] = [];
    const first = await gate.turn({ subgraph: 'a', projection: 'x' });
    const ask = async (subgraph: string, projection: string): Promise<void> => {
      const end = await gate.turn({ subgraph, projection });
      order.push(subgraph + projection);
      end();
    };
    const all = [...Array.from({ length: 4 }, () => ask('a', 'x')), ask('a', 'y'), ask('a', 'y'), ask('b', 'z'), ask('b', 'z')];
    first();
    await Promise.all(all);
    expect(order).toEqual(['ax', 'bz', 'ay', 'bz', 'ax', 'ay', 'ax', 'ax']);
  });

  it('never has more at once than it may, and counts an end that is told twice once', async () => {
    const gate = new TargetLimits({ batchesPerStore: 2 }).of({});
    let [running, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const end = await gate.turn({ subgraph: 's', projection: `p${index % 3}` });
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
        end();
        end();
      }),
    );
    expect(most).toBe(2);
  });
});

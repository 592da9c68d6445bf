import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import type { SupergraphVersion } from './port.js';
import { createSupergraphKeeper } from './supergraph-keeper.js';

const version = (supergraphSdl: string): SupergraphVersion => ({ supergraphSdl, sources: new Map() });
const open = () => {
  const logger = createMemoryLogger();
  const keeper = createSupergraphKeeper({
    first: version('one'),
    logger,
    metrics: createMetrics(),
    clock: { now: () => new Date(0) },
  });
  return { keeper, logger };
};

describe('createSupergraphKeeper', () => {
  it('serves the earlier version until a listener that takes its time has the new one', async () => {
    const { keeper } = open();
    let finish = (): void => {};
    keeper.subscribe(() => new Promise<void>((resolve) => (finish = resolve)));
    const published = keeper.publish(version('two'));
    expect(keeper.current().supergraphSdl).toBe('one');
    finish();
    expect(await published).toEqual({ kind: 'updated' });
    expect(keeper.current().supergraphSdl).toBe('two');
  });

  it('gives the earlier version back to those that took up one which another refused', async () => {
    const { keeper } = open();
    const seen: string[] = [];
    keeper.subscribe(({ supergraphSdl }) => void seen.push(supergraphSdl));
    keeper.subscribe(async () => Promise.reject(new Error('no plan')));
    expect(await keeper.publish(version('two'))).toMatchObject({
      kind: 'failed',
      problems: [{ code: 'SUPERGRAPH_REJECTED', text: 'SUPERGRAPH_REJECTED: no plan' }],
    });
    expect(seen).toEqual(['two', 'one']);
    expect([keeper.current().supergraphSdl, keeper.status().state]).toEqual(['one', 'stale']);
  });

  it('tells nobody of the version that serves already, and that ends a failure', async () => {
    const { keeper } = open();
    const seen: string[] = [];
    keeper.subscribe(({ supergraphSdl }) => void seen.push(supergraphSdl));
    keeper.fail([]);
    expect(await keeper.publish(version('one'))).toEqual({ kind: 'unchanged' });
    expect([seen, keeper.status().state]).toEqual([[], 'current']);
  });

  it('is settled only when a version under way has been taken up', async () => {
    const { keeper } = open();
    const order: string[] = [];
    let finish = (): void => {};
    keeper.subscribe(() => new Promise<void>((resolve) => (finish = resolve)).then(() => void order.push('taken up')));
    void keeper.publish(version('two'));
    const settled = keeper.settled().then(() => order.push('settled'));
    finish();
    await settled;
    expect(order).toEqual(['taken up', 'settled']);
  });

  it('runs tasks in order, whether they fail or not', async () => {
    const { keeper } = open();
    const order: number[] = [];
    const failing = keeper.inOrder(async () => {
      await Promise.resolve();
      order.push(1);
      throw new Error('first');
    });
    const second = keeper.inOrder(async () => order.push(2));
    await expect(failing).rejects.toThrow('first');
    await second;
    expect(order).toEqual([1, 2]);
  });
});

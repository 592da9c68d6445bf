import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@loomgraph/testing';
import { Child } from './support/child.js';

const EVENTS = 800;
/** Killed once so many are written, whatever else is going on then. */
const KILL_AT = [60, 150, 330, 600];

describe('consumers on the embedded stores', () => {
  let dataDir: string;
  const children: Child[] = [];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-kill-'));
  });
  afterAll(async () => {
    for (const child of children) await child.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<Child> => {
    const child = new Child('embedded-app.ts', { DATA_DIR: join(dataDir, 'pglite'), EVENTS: String(EVENTS) });
    children.push(child);
    await waitFor(
      () => child.output,
      (output) => output.includes('ready after') || !child.isRunning,
      90_000,
    );
    expect(child.output).toContain('ready after');
    return child;
  };
  const writtenBefore = (child: Child): number => Number(/ready after (\d+)/.exec(child.output)?.[1]);

  it(`the bus forgets what it held when the process is killed, and the outbox does not: ${EVENTS} events take effect once each`, async () => {
    const written: number[] = [];
    for (const count of KILL_AT) {
      const child = await start();
      written.push(writtenBefore(child));
      await waitFor(
        () => child.output,
        (output) => output.includes(`wrote ${count}\n`) || !child.isRunning,
        60_000,
      );
      await sleep(count % 7);
      await child.kill();
    }
    const child = await start();
    written.push(writtenBefore(child));
    await waitFor(
      () => child.output,
      () => !child.isRunning,
      120_000,
    );
    const sums = child.output.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(sums)).toEqual({ effects: EVENTS, doubled: 0, total: EVENTS, disorder: 0 });
    for (const [kill, count] of KILL_AT.entries()) expect(written[kill + 1]).toBeGreaterThanOrEqual(count);
    process.stdout.write(`embedded: killed after ${written.slice(1).join(', ')} of ${EVENTS} events, ${sums}\n`);
  }, 400_000);

  // Nobody was left to charge it, so it ended one process after the other, for ever, and what came after it was never applied.
  it('an event that ends each process that applies it becomes dead, and all others take effect', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loomgraph-fatal-'));
    try {
      let ends = 0;
      let child;
      do {
        child = new Child('fatal-app.ts', { DATA_DIR: join(folder, 'pglite'), EVENTS: '30', FATAL: '7' });
        children.push(child);
        await child.exited;
        expect(child.output).toContain('begins');
        if (child.signal) ends += 1;
      } while (child.signal && ends < 10);
      const { dead, ...sums } = JSON.parse(child.output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(sums).toEqual({ effects: 29, doubled: 0, total: 29, disorder: 0 });
      expect(dead).toEqual([{ state: 'dead', attempts: 3, errorCode: 'process-ended' }]);
      expect(ends).toBe(3);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 240_000);
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '@loomgraph/testing';
import type { Random } from '../../../harness/random.ts';
import type { StoreName } from '../../../stores/names.ts';
import type { PrivateStores } from '../stores/private-stores.ts';

/** Between two faults of stores: long enough that the workers' breakers close and they reach the steps at which they are killed. */
const PAUSE_MS = { from: 300, to: 2_000 };
const AWAY_MS = { from: 100, to: 2_500 };
/** A process that starts is given so long before the next fault: most faults should befall those that are at work. */
const START_MS = 6_000;
/** One in this many is the death of a server. */
const KILL_ONE_IN = 14;

export interface StoreFaultOptions {
  readonly stores: PrivateStores;
  readonly proxies: ReadonlyMap<string, FaultProxy>;
  readonly killable: readonly StoreName[];
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Whether all workers are at work. */
  readonly areReady: () => boolean;
  readonly report: (fault: string) => void;
}

/**
 * Breaks what the workers stand on until it is told to stop, one thing at a time: connections cut, refused, or held half-open without an answer,
 * servers killed with -9 and started on the same disk. Ends with everything healed.
 */
export async function runStoreFaults(options: StoreFaultOptions): Promise<void> {
  const { stores, proxies, killable, random, signal, areReady, report } = options;
  const away = (): Promise<void> => sleep(random.integer(AWAY_MS.from, AWAY_MS.to));
  while (!signal.aborted) {
    await sleep(random.integer(PAUSE_MS.from, PAUSE_MS.to));
    for (const startedAt = performance.now(); !areReady() && !signal.aborted && performance.now() - startedAt < START_MS;) await sleep(50);
    if (killable.length > 0 && random.integer(1, KILL_ONE_IN) === 1) {
      const name = random.pick(killable);
      report(`crash ${name}`);
      await stores.kill(name);
      await stores.revive(name);
      continue;
    }
    const [key, proxy] = random.pick([...proxies]);
    const how = random.pick(['cut', 'hold', 'refuse'] as const);
    report(`${how} ${key}`);
    if (how === 'cut') proxy.cut();
    else if (how === 'hold') {
      const letGo = proxy.hold();
      await away();
      letGo();
    } else {
      const listen = await proxy.refuse();
      await away();
      await listen();
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { LoomError, StoreError } from '@loomgraph/core';
import type { Faults } from '@loomgraph/sync';
import type { Random } from '../../../harness/random.ts';

/** What can befall a worker between two steps, and how often each is drawn. */
const ACTIONS = [
  { action: 'kill', weight: 12 },
  { action: 'away', weight: 30 },
  { action: 'throttled', weight: 18 },
  { action: 'broken', weight: 10 },
  { action: 'slow', weight: 30 },
] as const;

type Action = (typeof ACTIONS)[number]['action'];

const SLOW_MS = { from: 20, to: 1_500 };
/** How long a fault waits for its own step before the next one gets it; one in so many waits long, so that rare steps have their turn. */
const PATIENCE_MS = 500;
const LONG_PATIENCE_MS = 6_000;
const PATIENT_ONE_IN = 8;
/** Between one fault and the next that is armed. */
const PAUSE_MS = { from: 20, to: 220 };

export interface WorkerFaultOptions {
  readonly random: Random;
  /** Steps that nothing has befallen in this run: each is hit when it is reached, since some are not reached often. */
  readonly neverHit: readonly string[];
  /** Told before it happens, so that even a kill is counted. */
  readonly report: (kind: string) => void;
  /** Ends this process at once. */
  readonly kill: () => never;
}

/**
 * Fires one fault after the other, each at the next point that is reached: a process that dies, a store that is away, a provider that is throttled,
 * an error nobody foresaw, a pause. Points are as likely as they are frequent only where nothing else decides: a fault that is armed for one
 * point waits for it a while.
 */
export function createWorkerFaults({ random, neverHit, report, kill }: WorkerFaultOptions): Faults {
  const overdue = new Set(neverHit);
  const seen = new Set<string>();
  let armedAt = 0;
  let point: string | undefined;
  let patienceMs = PATIENCE_MS;
  const rearm = (): void => {
    armedAt = performance.now() + random.integer(PAUSE_MS.from, PAUSE_MS.to);
    patienceMs = random.integer(1, PATIENT_ONE_IN) === 1 ? LONG_PATIENCE_MS : PATIENCE_MS;
    point = seen.size > 0 ? random.pick([...seen]) : undefined;
  };
  rearm();
  return async (reached) => {
    seen.add(reached);
    const waited = performance.now() - armedAt;
    const isDue = waited >= 0 && (point === undefined || point === reached || waited >= patienceMs);
    if (!overdue.delete(reached) && !isDue) return;
    rearm();
    const action = draw(random);
    report(`${action} ${reached}`);
    if (action === 'kill') return kill();
    if (action === 'slow') return sleep(random.integer(SLOW_MS.from, SLOW_MS.to));
    throw errorOf(action, reached);
  };
}

function draw(random: Random): Action {
  const total = ACTIONS.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const { action, weight } of ACTIONS) {
    left -= weight;
    if (left < 0) return action;
  }
  return 'slow';
}

function errorOf(action: 'away' | 'throttled' | 'broken', point: string): Error {
  if (action === 'away') return new StoreError('unavailable', 'drill', `The drill takes a store away at ${point}.`);
  if (action === 'throttled') {
    return new LoomError('AI_PROVIDER_UNAVAILABLE', `The drill throttles at ${point}.`, { details: { retryAfterMs: 50 } });
  }
  return new Error(`The drill breaks ${point}.`);
}

import { StoreError } from '@loomgraph/core';
import { toStoreError } from '@loomgraph/stores/relational';
import type { Steps } from '../projection/project.js';
import { isPassing } from './deliver-in-parts.js';
import type { Faults } from './faults.js';
import type { Claimant, TargetGate } from './target-limits.js';

/** Why a batch is given back though nothing failed. */
export class GivenBack extends StoreError {
  constructor(reason: string) {
    super('conflict', 'relay', reason);
  }
}

/** Share of a lease in which nothing is written any more: what is on its way then has time to arrive. */
const LAST_SHARE = 0.2;

/** A lease by this process's own clock, from before it was asked for. */
export interface LeaseClock {
  readonly leaseMs: number;
  startedAt: number;
}

/** How long there is to write, 0 in the last fifth of the lease. */
export function writingTimeMs({ startedAt, leaseMs }: LeaseClock): number {
  return Math.max(0, startedAt + leaseMs * (1 - LAST_SHARE) - performance.now());
}

export interface BatchStepsOptions {
  readonly gate: TargetGate;
  readonly claimant: Claimant;
  readonly lease: LeaseClock;
  readonly timeoutMs: number;
  readonly faults: Faults;
  readonly isStopping: () => boolean;
  readonly observe: (step: 'load' | 'derive' | 'wait' | 'apply', seconds: number) => void;
}

const FAULT_AFTER = { load: 'project.loaded', derive: 'project.derived', apply: 'project.applied' } as const;

/**
 * The steps of a batch: measured, bounded in time, interrupted when the relay stops. Writing waits for its turn at the target and for its breaker,
 * never begins late in the lease, and tells the breaker how it went.
 */
export function batchSteps(options: BatchStepsOptions): Steps {
  const { gate, claimant, lease, timeoutMs, faults, isStopping, observe } = options;

  const measured = async <T>(step: 'load' | 'derive' | 'wait' | 'apply', work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      observe(step, (performance.now() - startedAt) / 1000);
    }
  };

  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    const endTurn = await measured('wait', () => gate.turn(claimant));
    try {
      if (isStopping()) throw new GivenBack('The relay stops.');
      const limitMs = Math.min(timeoutMs, writingTimeMs(lease));
      if (limitMs === 0) throw new GivenBack('The lease is about to end.');
      if (!gate.breaker.admit()) throw new GivenBack('The target is left alone for now.');
      return await judged(gate, () => measured('apply', () => withinMs(limitMs, work)));
    } finally {
      endTurn();
    }
  };

  return {
    async run(step, work) {
      if (isStopping()) throw new GivenBack('The relay stops.');
      const answer = step === 'apply' ? await write(work) : await measured(step, () => (step === 'load' ? read(timeoutMs, work) : work()));
      await faults(FAULT_AFTER[step]);
      return answer;
    },
  };
}

/** Readers hand out what drivers throw. */
async function read<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  try {
    return await withinMs(limitMs, work);
  } catch (error) {
    throw toStoreError(error, 'source');
  }
}

/** A failure counts against the target when it is the target's; any other answer shows that it is there. */
async function judged<T>({ breaker }: TargetGate, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work();
    breaker.succeeded();
    return answer;
  } catch (error) {
    if (!isPassing(error)) breaker.succeeded();
    else if (error instanceof StoreError && (error.kind === 'timeout' || error.kind === 'unavailable')) breaker.failed(error);
    else breaker.abandoned();
    throw error;
  }
}

/** What takes longer goes on by itself; should it still write, its fence is smaller than that of whoever comes next. */
export async function withinMs<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work(),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new StoreError('timeout', 'relay', `It took longer than ${Math.round(limitMs)} ms.`)), limitMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

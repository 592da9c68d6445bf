import { LoomError } from '@loomgraph/core';

/**
 * Delay before redelivery: doubles from `minDelayMs` with every attempt, up to `maxDelayMs`. Defaults 100 and 30,000. An error that says
 * `details.retryAfterMs` is believed instead.
 */
export interface RetryDelays {
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
}

export interface LaneTask {
  /** Tasks of one lane run one after the other, in the order they were pushed. */
  readonly lane: string;
  /** Attempts made before. */
  readonly formerAttempts?: number;
  run(attempt: number): Promise<void>;
  /** Called once `run` succeeded. */
  onDone(): void;
  /** Called after an attempt that failed. */
  onFailed?(attempt: number): void;
  /** A task that is not wanted any more is dropped instead of being run (again). */
  isWanted?(): boolean;
}

interface Waiting {
  readonly task: LaneTask;
  attempt: number;
}

/**
 * Runs tasks: lanes side by side, each in order, a failing task again and again while the rest of its lane waits.
 *
 * A lane is *ready* (its head may run), *running* (its head runs) or *resting* (its head failed and its delay is not over); it is
 * forgotten when its last task is done.
 */
export class KeyedLanes {
  readonly #lanes = new Map<string, Waiting[]>();
  readonly #ready: string[] = [];
  readonly #resting = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #hasRoom: (running: number) => boolean;
  readonly #minDelayMs: number;
  readonly #maxDelayMs: number;
  #pending = 0;
  #closed = false;
  #waiters: (() => void)[] = [];

  /** `hasRoom` is asked before each run; call `poke` when its answer may have become true. */
  constructor(options: { hasRoom: (running: number) => boolean; retry?: RetryDelays }) {
    this.#hasRoom = options.hasRoom;
    this.#minDelayMs = options.retry?.minDelayMs ?? 100;
    this.#maxDelayMs = options.retry?.maxDelayMs ?? 30_000;
  }

  /** Tasks that are not done. */
  get pending(): number {
    return this.#pending;
  }

  push(task: LaneTask): void {
    if (this.#closed) return;
    this.#pending += 1;
    const waiting = { task, attempt: (task.formerAttempts ?? 0) + 1 };
    const lane = this.#lanes.get(task.lane);
    if (lane) {
      lane.push(waiting);
      return;
    }
    this.#lanes.set(task.lane, [waiting]);
    this.#ready.push(task.lane);
    this.poke();
  }

  /** Starts what can start. */
  poke(): void {
    while (!this.#closed && this.#ready.length > 0 && this.#hasRoom(this.#running.size)) {
      const lane = this.#ready.shift() ?? '';
      const head = this.#lanes.get(lane)?.[0];
      if (!head) continue;
      if (head.task.isWanted?.() === false) {
        this.#advance(lane);
        continue;
      }
      const run = this.#run(lane, head).finally(() => {
        this.#running.delete(run);
        this.poke();
      });
      this.#running.add(run);
    }
  }

  /** Resolves when fewer than `limit` tasks are pending, after `maxMs`, or on `close`. */
  async untilBelow(limit: number, maxMs: number): Promise<void> {
    const endsAt = Date.now() + maxMs;
    while (!this.#closed && this.#pending >= limit && Date.now() < endsAt) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, endsAt - Date.now());
        this.#waiters.push(resolve);
      });
      clearTimeout(timer);
    }
  }

  /** Resolves when nothing runs, or after `maxMs`. Together with a `hasRoom` that answers false it is a pause. */
  async untilIdle(maxMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, maxMs);
    });
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
  }

  /** Starts nothing more and waits for what runs; what waits is dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#resting) clearTimeout(timer);
    this.#resting.clear();
    this.#wake();
    await Promise.allSettled(this.#running);
  }

  async #run(lane: string, head: Waiting): Promise<void> {
    try {
      await head.task.run(head.attempt);
    } catch (error) {
      // Reporting belongs to whoever made the handler; here a failure only means "again".
      head.task.onFailed?.(head.attempt);
      this.#rest(lane, head, error);
      return;
    }
    head.task.onDone();
    this.#advance(lane);
  }

  #rest(lane: string, head: Waiting, error: unknown): void {
    if (this.#closed) return;
    const delayMs = retryAfterMs(error) ?? Math.min(this.#minDelayMs * 2 ** (head.attempt - 1), this.#maxDelayMs);
    head.attempt += 1;
    const timer = setTimeout(() => {
      this.#resting.delete(timer);
      this.#ready.push(lane);
      this.poke();
    }, delayMs);
    this.#resting.add(timer);
  }

  #advance(lane: string): void {
    const tasks = this.#lanes.get(lane);
    tasks?.shift();
    this.#pending -= 1;
    if (tasks && tasks.length > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane);
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

function retryAfterMs(error: unknown): number | undefined {
  const asked = error instanceof LoomError ? error.details['retryAfterMs'] : undefined;
  return typeof asked === 'number' && asked >= 0 ? asked : undefined;
}

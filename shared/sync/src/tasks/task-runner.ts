import { randomUUID } from 'node:crypto';
import { LoomError, StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';
import { exponential } from '../projection/policy.js';
import { Loop } from '../relay/loop.js';

/** A task as its handler gets it. */
export interface Task {
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  /** How often it failed before. */
  readonly attempts: number;
}

export interface TaskContext {
  /** Aborted when this process stops, or another one has taken the task. */
  readonly signal: AbortSignal;
  /**
   * The last step: runs `commit` in a transaction that also ends the task, so that what it writes and that it was done are one. `again` makes it
   * due once more instead of ending it; what `commit` answers takes its place. Where the task was enqueued anew meanwhile, what was committed stays
   * and the task is done once more. Rejects, and writes nothing, when another process has taken the task.
   */
  readonly finish: (commit?: (em: EntityManager) => Promise<void | TaskAgain>, again?: TaskAgain) => Promise<void>;
}

/** When a task is done once more, and with which payload; without one, with the one it has. */
export interface TaskAgain {
  readonly payload?: unknown;
  readonly afterMs: number;
}

export interface TaskHandler {
  /** May run more than once: a process can be killed between what it did and `finish`, which is called at the end for a run that did not. */
  readonly run: (task: Task, context: TaskContext) => Promise<void>;
  /** Attempts that fail before it is given up; those that fail because a store is away do not count. Default 5. */
  readonly maxAttempts?: number;
  /** Told, in the transaction that ends the task, that it was given up. */
  readonly gaveUp?: (em: EntityManager, task: Task, error: unknown) => Promise<void>;
  /** Tasks of this kind at once in this process, so that those that wait for somebody leave room for others. Default: as many as there are at all. */
  readonly atOnce?: number;
}

export interface TaskRunnerOptions {
  readonly store: RelationalStore;
  readonly subgraph: string;
  /** By kind; tasks of other kinds wait for a process that knows them. */
  readonly handlers: Readonly<Record<string, TaskHandler>>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Longest time before a task is seen that another process enqueued. Default 1 s. */
  readonly pollMs?: number;
  /** How long a task stays with a process that says nothing. Default 30 s. */
  readonly leaseMs?: number;
  /** Tasks at once in this process. Default 1. */
  readonly concurrency?: number;
  /** Wait after the n-th failure. Default 1 s, doubling, at most 5 min. */
  readonly backoff?: (failures: number) => number;
}

interface TaskRow {
  readonly kind: string;
  readonly task_key: string;
  readonly payload: string;
  readonly generation: number;
  readonly attempts: number;
}

/** The task is another process's by now. */
class TaskLost extends Error {}

/**
 * Does the tasks of a subgraph, in any number of processes.
 *
 *   due --claimed: due again when the lease runs out--> running --finish--> gone
 *   running --failed--> due later, until it was tried too often: gone;  --process stops or is killed--> due again
 */
export class TaskRunner implements AsyncDisposable {
  readonly #options: TaskRunnerOptions & { readonly leaseMs: number; readonly backoff: (failures: number) => number };
  readonly #loops: readonly Loop[];
  readonly #stopping = new AbortController();
  #reclaimed: Promise<void> | undefined;
  /** Under way here, by kind. */
  readonly #running = new Map<string, number>();
  #claiming: Promise<unknown> = Promise.resolve();
  readonly #count: (kind: string, outcome: 'done' | 'failed' | 'gave-up') => void;

  constructor(options: TaskRunnerOptions) {
    this.#options = { leaseMs: 30_000, backoff: exponential(1_000, 300_000), ...options };
    const { subgraph, logger, metrics, pollMs = 1_000, concurrency = 1 } = options;
    const counter = metrics.counter('tasks_total', 'Tasks that were done, failed once, or were given up.', ['subgraph', 'kind', 'outcome']);
    this.#count = (kind, outcome) => counter.inc({ subgraph, kind, outcome });
    this.#loops = Array.from(
      { length: concurrency },
      () =>
        new Loop({
          round: () => this.round(),
          pollMs,
          backoff: exponential(500, 30_000),
          onError: (error, waitMs) => logger.warn('The runner of tasks backs off.', { subgraph, waitMs, error }),
        }),
    );
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** A task was enqueued: look now instead of at the next poll. */
  notify(): void {
    for (const loop of this.#loops) loop.wake();
  }

  /** Tasks under way are given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** One look. @returns whether a task was due */
  async round(): Promise<boolean> {
    await (this.#reclaimed ??= this.#reclaim());
    const owner = randomUUID();
    const row = await this.#claimInTurn(owner);
    if (!row) return false;
    try {
      await this.#run(row, owner);
    } finally {
      this.#running.set(row.kind, this.#runningOf(row.kind) - 1);
    }
    return true;
  }

  /** What an earlier process held of a record that only one can have open is nobody's: no lease is waited for. */
  async #reclaim(): Promise<void> {
    const { store } = this.#options;
    if (!store.exclusive) return;
    await store.transaction((em) =>
      em.execute(`update ${store.table('task')} set owner = null, due_at = ${nowMs(store.dialect)} where owner is not null`, [], 'run'),
    );
  }

  #runningOf(kind: string): number {
    return this.#running.get(kind) ?? 0;
  }

  /** One after the other: two at once would both take the last place of a kind. */
  #claimInTurn(owner: string): Promise<TaskRow | undefined> {
    const claim = this.#claiming.then(async () => {
      const row = await this.#claim(owner);
      if (row) this.#running.set(row.kind, this.#runningOf(row.kind) + 1);
      return row;
    });
    this.#claiming = claim.catch(() => undefined);
    return claim;
  }

  async #claim(owner: string): Promise<TaskRow | undefined> {
    const { store, handlers, leaseMs } = this.#options;
    const kinds = Object.entries(handlers).flatMap(([kind, { atOnce = Infinity }]) => (this.#runningOf(kind) < atOnce ? [kind] : []));
    if (kinds.length === 0) return undefined;
    const now = nowMs(store.dialect);
    const due = `from ${store.table('task')} where due_at <= ${now} and kind in (${kinds.map(() => '?').join(', ')}) order by due_at limit 1`;
    // Without a transaction first: on an embedded record that is a step that others wait for.
    if ((await store.read().execute<unknown[]>(`select 1 as found ${due}`, kinds)).length === 0) return undefined;
    return store.transaction(async (em) => {
      const [row] = await em.execute<TaskRow[]>(
        `select kind, task_key, payload, generation, attempts ${due} for update skip locked`,
        kinds,
      );
      if (row)
        await em.execute(
          `update ${store.table('task')} set owner = ?, due_at = ${now} + ? where kind = ? and task_key = ?`,
          [owner, leaseMs, row.kind, row.task_key],
          'run',
        );
      return row;
    });
  }

  async #run(row: TaskRow, owner: string): Promise<void> {
    const { store, handlers, leaseMs, logger, subgraph, backoff } = this.#options;
    const handler = handlers[row.kind];
    if (!handler) return;
    const task: Task = { kind: row.kind, key: row.task_key, payload: JSON.parse(row.payload) as unknown, attempts: row.attempts };
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, this.#stopping.signal]);
    const update = (em: EntityManager, set: string, values: readonly unknown[]): Promise<{ affectedRows: number }> =>
      em.execute<{ affectedRows: number }>(
        `update ${store.table('task')} set ${set} where kind = ? and task_key = ? and owner = ?`,
        [...values, row.kind, row.task_key, owner],
        'run',
      );
    const dueIn = `due_at = ${nowMs(store.dialect)} + ?`;
    let finished = false;
    const finish: TaskContext['finish'] = async (commit, again) => {
      await store.transaction(async (em) => {
        const [current] = await em.execute<{ generation: number; owner: string | null }[]>(
          `select generation, owner from ${store.table('task')} where kind = ? and task_key = ? for update`,
          [row.kind, row.task_key],
        );
        const isRenewed = current !== undefined && current.generation !== row.generation;
        if (!current || (!isRenewed && current.owner !== owner)) throw new TaskLost();
        const next = (await commit?.(em)) ?? again;
        await em.flush();
        if (isRenewed) return;
        if (next)
          await update(em, `${dueIn}, payload = ?, attempts = 0, error_code = null, owner = null`, [
            next.afterMs,
            JSON.stringify('payload' in next ? next.payload : task.payload),
          ]);
        else await em.execute(`delete from ${store.table('task')} where kind = ? and task_key = ?`, [row.kind, row.task_key], 'run');
      });
      finished = true;
    };
    const heartbeat = setInterval(() => {
      void store
        .transaction((em) => update(em, dueIn, [leaseMs]))
        .then(({ affectedRows }) => {
          if (affectedRows === 0) lost.abort();
        })
        .catch(() => undefined);
    }, leaseMs / 3);
    try {
      await handler.run(task, { signal, finish });
      if (!finished) await finish();
      this.#count(row.kind, 'done');
    } catch (error) {
      clearInterval(heartbeat);
      if (error instanceof TaskLost || finished) return;
      if (this.#stopping.signal.aborted) return void (await store.transaction((em) => update(em, `${dueIn}, owner = null`, [0])));
      const isAway = error instanceof StoreError ? error.retryable : error instanceof LoomError && error.entry.retryable;
      const attempts = row.attempts + (isAway ? 0 : 1);
      const code = error instanceof LoomError ? error.code : 'INTERNAL_SERVER_ERROR';
      if (attempts >= (handler.maxAttempts ?? 5)) {
        logger.error('A task was given up.', { subgraph, kind: row.kind, key: row.task_key, attempts, error });
        await finish(async (em) => handler.gaveUp?.(em, task, error)).catch((failure: unknown) => {
          if (!(failure instanceof TaskLost)) throw failure;
        });
        this.#count(row.kind, 'gave-up');
        return;
      }
      logger.warn('A task failed and is tried again.', { subgraph, kind: row.kind, key: row.task_key, attempts, error });
      await store.transaction((em) =>
        update(em, `${dueIn}, attempts = ?, error_code = ?, owner = null`, [backoff(Math.max(1, attempts)), attempts, code]),
      );
      this.#count(row.kind, 'failed');
    } finally {
      clearInterval(heartbeat);
    }
  }
}

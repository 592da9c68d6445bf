import type { Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../projection/define-projection.js';
import { registerProjections } from '../projection/register.js';
import { exponential } from '../projection/policy.js';
import type { RecordType } from '../record.js';
import { isQuiet, readStatus, type ProjectionStatus } from '../status.js';
import { dispatch } from './dispatch.js';
import { dropLease, freeAllLeases, takeLease } from './lease.js';
import { Loop } from './loop.js';
import { createRelayMetrics } from './metrics.js';
import { hasEvents, publishEvents } from './publish.js';
import { enqueueChangedProjections } from './rebuild.js';
import { workOnce } from './worker.js';

const PUBLISHER = 'publisher';
/** Longer than any bus lets a publication take. */
const PUBLISHER_LEASE_MS = 60_000;

export interface RelayOptions {
  readonly store: RelationalStore;
  readonly bus: Bus;
  readonly projections: readonly Projection[];
  readonly records: readonly RecordType[];
  readonly subgraph: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /**
   * Longest time a change waits when no notification comes. Default 200 ms, and 1 s on a database that only this process writes to: there
   * every commit notifies.
   */
  readonly pollMs?: number;
}

/**
 * Moves committed changes to the projections and events to the bus. Any number of relays may run on one database.
 *
 *   stopped --start--> running: a dispatcher (outbox → deliveries), one worker per projection (deliveries → target), a publisher (events → bus)
 *   running --notify--> the dispatcher looks now; what it finds wakes the workers
 *   running --stop--> rounds in progress end, leases are given back → stopped
 *
 * Each part backs off by itself, so a dead target holds back nothing but its own projection.
 */
export class Relay implements AsyncDisposable {
  readonly #options: RelayOptions;
  readonly #owner = randomUUID();
  readonly #loops: Loop[] = [];
  readonly #dispatcher: Loop;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { store, bus, projections, logger, metrics, subgraph, pollMs = store.exclusive ? 1_000 : 200 } = options;
    const relayMetrics = createRelayMetrics(metrics, subgraph, () => this.status());
    const loop = (part: string, round: () => Promise<boolean>, onBackOff = (): void => undefined): Loop => {
      const one = new Loop({
        round,
        pollMs,
        backoff: exponential(250, 30_000),
        onError: (error, waitMs) => {
          onBackOff();
          logger.warn('The relay backs off.', { subgraph, part, waitMs, error });
        },
      });
      this.#loops.push(one);
      return one;
    };

    const workers = projections.map((projection) =>
      loop(
        projection.name,
        async () => {
          const applied = await workOnce(projection, { store, owner: this.#owner, logger, metrics: relayMetrics });
          // What this projection has done may be what another one waits for.
          if (applied > 0)
            for (const [position, other] of projections.entries()) if (other.after.includes(projection.name)) workers[position]?.wake();
          return applied === projection.policy.batch;
        },
        () => relayMetrics.batchBackOff(projection),
      ),
    );
    const publisher = loop('events', async () => {
      // The lease costs a transaction: most rounds find nothing to publish.
      if (!(await hasEvents(store)) || !(await takeLease(store, PUBLISHER, this.#owner, PUBLISHER_LEASE_MS))) return false;
      return (await publishEvents(store, bus)) > 0;
    });
    this.#dispatcher = loop('dispatch', async () => {
      publisher.wake();
      const due = await dispatch(store, projections);
      // What comes after another projection is woken by that one: until then it would look through all that wait and find nothing.
      const ready = projections.map(({ name, after }) => due?.has(name) && !after.some((earlier) => due.has(earlier)));
      for (const [position, worker] of workers.entries()) if (ready[position]) worker.wake();
      return due !== undefined;
    });
  }

  /** Takes over what a killed process left, backfills new and changed projections, then runs until `stop`. Once per process and database. */
  async start(): Promise<void> {
    const { store, projections, records, logger, subgraph } = this.#options;
    if (store.exclusive) await freeAllLeases(store);
    await registerProjections(store, projections);
    for (const { name, records: count } of await enqueueChangedProjections(store, projections, records)) {
      if (count > 0) logger.info('A new or changed projection is being filled.', { subgraph, projection: name, records: count });
    }
    for (const loop of this.#loops) loop.start();
  }

  /** Something was committed: look now instead of at the next poll. */
  notify(): void {
    this.#dispatcher.wake();
  }

  status(): Promise<readonly ProjectionStatus[]> {
    return readStatus(this.#options.store);
  }

  /** Resolves true once nothing is owed to any projection; false when that takes longer than `timeoutMs`. */
  async whenQuiet(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    this.notify();
    for (;;) {
      if (await isQuiet(this.#options.store)) return true;
      if (Date.now() >= deadline) return false;
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await dropLease(this.#options.store, PUBLISHER, this.#owner);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

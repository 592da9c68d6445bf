import type { Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../projection/define-projection.js';
import { exponential } from '../projection/policy.js';
import { registerProjections } from '../projection/register.js';
import type { RecordType } from '../record.js';
import { isQuiet, readStatus, type ProjectionStatus } from '../status.js';
import { declareVersions } from '../versions/declare-versions.js';
import { enqueueUnfilled, keepVersions } from '../versions/keep-versions.js';
import type { BreakerStatus } from './breaker.js';
import { dispatch } from './dispatch.js';
import { noFaults, type Faults } from './faults.js';
import { cleanUp, defaultRetention, type Retention } from './housekeeping.js';
import { dropLease, freeAllLeases, takeLease } from './lease.js';
import { lookAtOutbox } from './look.js';
import { Loop } from './loop.js';
import { createRelayMetrics } from './metrics.js';
import { publishEvents } from './publish.js';
import { Crew } from './crew.js';
import { TargetLimits } from './target-limits.js';

const PUBLISHER = 'publisher';
/** Longer than any bus lets a publication take. */
const PUBLISHER_LEASE_MS = 60_000;
const HOUSEKEEPER = 'housekeeper';
const VERSIONS_MS = 1_000;
/** Longer than the longest step: a check of a complete version, which two at once would only do twice. */
const VERSIONS_LEASE_MS = 60_000;
const HOUSEKEEPING_MS = 600_000;
/** What a batch that is being written may take to end when the relay stops. */
const GRACE_MS = 10_000;

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
  /** The process's, so that all its relays share stores fairly. Default: one of its own. */
  readonly limits?: TargetLimits;
  readonly retention?: Partial<Retention>;
  /** How long a batch that is being written may take to end when the relay stops. Default 10 s. */
  readonly graceMs?: number;
  /** How long the storage of a version that was replaced stays, for processes whose code is for that one. Default 1 h. */
  readonly retiredMs?: number;
  readonly faults?: Faults;
  /** Told whenever this relay has brought records up to date; wakes those who wait for a sync token. */
  readonly onApplied?: () => void;
}

/**
 * Moves committed changes to the projections and events to the bus. Any number of relays may run on one database.
 *
 *   stopped --start--> running: a dispatcher (outbox → deliveries), a crew of workers (deliveries → targets), a publisher (events → bus), a housekeeper
 *   running --notify--> the dispatcher looks now; what it finds wakes the workers
 *   running --stop--> batches not being written yet are given back, those that are may end, all leases are given back → stopped
 *
 * Each part backs off by itself, so a dead target holds back nothing but what is written to it.
 */
export class Relay implements AsyncDisposable {
  readonly #options: RelayOptions;
  readonly #owner = randomUUID();
  readonly #crew: Crew;
  readonly #loops: readonly Loop[];
  readonly #dispatcher: Loop;
  readonly #versions = new Set<string>();

  constructor(options: RelayOptions) {
    this.#options = options;
    const { store, bus, projections, logger, metrics, subgraph, limits = new TargetLimits(), faults = noFaults, onApplied } = options;
    const pollMs = options.pollMs ?? (store.exclusive ? 1_000 : 200);
    const retention = { ...defaultRetention, ...options.retention };
    const relayMetrics = createRelayMetrics(metrics, subgraph, {
      status: () => this.status(),
      breakers: () => this.breakers(),
    });
    const loop = (part: string, everyMs: number, round: () => Promise<boolean>): Loop =>
      new Loop({
        round,
        pollMs: everyMs,
        backoff: exponential(250, 30_000),
        onError: (error, waitMs) => logger.warn('The relay backs off.', { subgraph, part, waitMs, error }),
      });

    this.#crew = new Crew({ store, projections, owner: this.#owner, subgraph, limits, logger, metrics: relayMetrics, faults, onApplied });
    const publisher = loop('events', pollMs, async () => {
      // The lease costs a transaction: most rounds find nothing to publish.
      if (!(await lookAtOutbox(store)).events || !(await takeLease(store, PUBLISHER, this.#owner, PUBLISHER_LEASE_MS))) return false;
      return (await publishEvents({ store, bus, subgraph, faults })) > 0;
    });
    this.#dispatcher = loop('dispatch', pollMs, async () => {
      const waiting = await lookAtOutbox(store);
      if (waiting.events) publisher.wake();
      if (!waiting.changes) return false;
      const due = await dispatch(store, this.#crew.routes(), faults);
      if (due) this.#crew.wakeFor(due);
      return due !== undefined;
    });
    const scout = loop('due', pollMs, async () => {
      await this.#crew.wakeDue();
      return false;
    });
    const housekeeper = loop('housekeeping', HOUSEKEEPING_MS, async () => {
      if (!(await takeLease(store, HOUSEKEEPER, this.#owner, HOUSEKEEPING_MS / 2))) return false;
      const gone = await cleanUp(store, retention, faults);
      if (Object.values(gone).some((count) => count > 0)) logger.info('Old rows of the sync engine were deleted.', { subgraph, ...gone });
      return false;
    });
    const versions = loop('versions', VERSIONS_MS, async () => {
      await keepVersions({ ...options, lease: (version) => this.#leaseVersion(version) });
      return false;
    });
    this.#loops = [this.#dispatcher, publisher, scout, housekeeper, versions];
  }

  /** Takes over what a killed process left, backfills new and changed projections, then runs until `stop`. Once per process and database. */
  async start(): Promise<void> {
    const { store, projections, records, logger, subgraph } = this.#options;
    this.#crew.check(records);
    if (store.exclusive) await freeAllLeases(store);
    await registerProjections(store, projections);
    await declareVersions(store, projections);
    for (const { name, records: count } of await enqueueUnfilled(this.#options)) {
      if (count > 0) logger.info('A new or changed projection is being filled.', { subgraph, projection: name, records: count });
    }
    this.#crew.start();
    for (const loop of this.#loops) loop.start();
  }

  /** Something was committed: look now instead of at the next poll. */
  notify(): void {
    this.#dispatcher.wake();
  }

  status(): Promise<readonly ProjectionStatus[]> {
    return readStatus(this.#options.store);
  }

  /** What stands between each projection and its target now, in this process. */
  breakers(): readonly (BreakerStatus & { readonly projection: string })[] {
    return this.#crew.breakers();
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
    const { store, graceMs = GRACE_MS } = this.#options;
    await Promise.all([...this.#loops.map((loop) => loop.stop()), this.#crew.stop(graceMs)]);
    await dropLease(store, PUBLISHER, this.#owner);
    await dropLease(store, HOUSEKEEPER, this.#owner);
    for (const name of this.#versions) await dropLease(store, name, this.#owner);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #leaseVersion(version: string): Promise<boolean> {
    const name = `version:${version}`;
    this.#versions.add(name);
    return takeLease(this.#options.store, name, this.#owner, VERSIONS_LEASE_MS);
  }
}

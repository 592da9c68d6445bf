import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { randomUUID } from 'node:crypto';
import type { Projection } from '../projection/define-projection.js';
import { exponential } from '../projection/policy.js';
import type { RecordType } from '../record.js';
import { dropLease, takeLease } from '../relay/lease.js';
import { Loop } from '../relay/loop.js';
import { readStatus } from '../status.js';
import { servesReads } from '../versions/live-version.js';
import { readAuditState } from './audit-state.js';
import { followRepairs, newCycle, runCycle, type CycleOptions } from './cycle.js';
import { createAuditMetrics, type AuditMetrics } from './metrics.js';
import type { AuditDepth } from './observe.js';
import { isBusy } from './owed.js';
import { createPace } from './pace.js';
import { createSourceRecords } from './source-records.js';
import type { Finding } from './tally.js';

export interface AuditorOptions {
  readonly store: RelationalStore;
  readonly projections: readonly Projection[];
  readonly records: readonly RecordType[];
  readonly subgraph: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default `content`: everything. */
  readonly depth?: AuditDepth;
  /** Whether what is found is repaired at once (default) or only counted. */
  readonly repair?: CycleOptions['repair'];
  /** Records per second while nothing is owed to any projection. Default 500. */
  readonly recordsPerSecond?: number;
  /** A full cycle begins and ends within this, however busy the subgraph is. Default 24 h. */
  readonly cycleMs?: number;
  /** Pause between two cycles while nothing is owed. Default 1 h. */
  readonly restMs?: number;
  /** Longest time before a pause or a lease is looked at again. Default 5 s. */
  readonly pollMs?: number;
}

const LEASE_MS = 60_000;
/** Small, since an embedded database does nothing else while it reads a page. */
const PAGE = 100;
/** Records that a line of the log names. */
const LOGGED = 5;
const SLOWEST_PER_SECOND = 50;

/**
 * Compares each projection with its source, for ever, in the background.
 *
 *   resting --idle for `restMs`, or half of `cycleMs` gone--> source pass --all records--> target pass --all documents--> resting
 *   any --lease lost, or stop--> the page under way ends; whoever takes the lease goes on from the saved position
 *
 * One process at a time audits a projection. While changes are owed it goes only as fast as `cycleMs` asks for.
 */
export class Auditor implements AsyncDisposable {
  readonly #options: Required<AuditorOptions>;
  readonly #owner = randomUUID();
  readonly #stopping = new AbortController();
  readonly #metrics: AuditMetrics;
  readonly #loops: readonly Loop[];

  constructor(options: AuditorOptions) {
    const defaults = {
      depth: 'content',
      repair: 'enqueue',
      recordsPerSecond: 500,
      cycleMs: 86_400_000,
      restMs: 3_600_000,
      pollMs: 5_000,
    } as const;
    this.#options = { ...defaults, ...options };
    const { store, projections, subgraph, logger, metrics, pollMs } = this.#options;
    this.#metrics = createAuditMetrics(metrics, subgraph, () => readStatus(store));
    this.#loops = projections
      .filter((projection) => projection.of === undefined)
      .map(
        (projection) =>
          new Loop({
            round: () => this.#round(projection),
            pollMs,
            backoff: exponential(1_000, 60_000),
            onError: (error, waitMs) => {
              if (this.#stopping.signal.aborted) return;
              this.#metrics.failed(projection.name);
              logger.warn('The audit of a projection backs off.', { subgraph, projection: projection.name, waitMs, error });
            },
          }),
      );
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    for (const { name } of this.#options.projections) await dropLease(this.#options.store, leaseOf(name), this.#owner);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** @returns whether to look again at once */
  async #round(projection: Projection): Promise<boolean> {
    const { store, records, logger, subgraph, depth, repair } = this.#options;
    // A version that only waits to be built, or that another definition replaced, is nobody's answer.
    if (!(await servesReads(store, projection)) || !(await this.#lease(projection))) return false;
    const record = records.find((one) => one.type === projection.source);
    if (!record) throw new Error(`Projection ${projection.name} is fed by ${projection.source}, which is no record type of this subgraph.`);
    let state = await readAuditState(store, projection.name);
    if (state?.phase === 'rest' && !(await this.#isDue(state.startedAt, state.lastCycle?.endedAt ?? 0))) {
      if (repair === 'enqueue') await followRepairs(store, projection.name, state);
      return false;
    }
    if (!state || state.phase === 'rest') state = newCycle(Date.now(), state?.lastCycle);
    const source = createSourceRecords(store, record);
    const { signal } = this.#stopping;
    const slowest = Math.max(SLOWEST_PER_SECOND, (4 * (await source.count()) * 1_000) / this.#options.cycleMs);
    const pace = createPace(async () => ((await isBusy(store)) ? slowest : Math.max(slowest, this.#options.recordsPerSecond)), signal);
    const found = (findings: readonly Finding[]): void => {
      if (findings.length === 0) return;
      // Ids and orders: logs hold nothing of what a record says.
      const examples = findings.slice(0, LOGGED).map(({ id, class: drift, revision, stored }) => ({ id, class: drift, revision, stored }));
      logger.warn('The audit found drift.', { subgraph, projection: projection.name, records: findings.length, examples });
    };
    await runCycle(
      {
        store,
        projection,
        source,
        depth,
        repair,
        signal,
        pace,
        page: PAGE,
        now: Date.now,
        onPage: (report, count) => {
          this.#metrics.page(projection.name, report, count);
          found(report.findings.filter((finding) => !finding.known));
          return this.#lease(projection);
        },
      },
      state,
    );
    return true;
  }

  async #isDue(startedAt: number, endedAt: number): Promise<boolean> {
    const { store, cycleMs, restMs } = this.#options;
    const now = Date.now();
    // Half of the bound for waiting, half for going slowly.
    return now >= startedAt + cycleMs / 2 || (now >= endedAt + restMs && !(await isBusy(store)));
  }

  #lease(projection: Projection): Promise<boolean> {
    return takeLease(this.#options.store, leaseOf(projection.name), this.#owner, LEASE_MS);
  }
}

const leaseOf = (projection: string): string => `audit:${projection}`;

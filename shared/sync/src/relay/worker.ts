import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import { jitter } from '../projection/policy.js';
import type { Steps } from '../projection/project.js';
import { batchSteps, GivenBack, writingTimeMs, type LeaseClock } from './batch-steps.js';
import { claim, counterOf, type Batch, type Claim } from './claim.js';
import { deliverInParts, isTimeout } from './deliver-in-parts.js';
import type { Faults } from './faults.js';
import type { RelayMetrics } from './metrics.js';
import { complete, fail, release, renew, type Leased } from './settle.js';
import { writeOne } from './statement.js';
import type { TargetGate } from './target-limits.js';
import type { Work } from './work.js';

export interface WorkerOptions {
  readonly store: RelationalStore;
  readonly work: Work;
  readonly owner: string;
  readonly subgraph: string;
  readonly gate: TargetGate;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly faults: Faults;
}

/** What a projection waits for after its first failures, while its target's breaker is still closed. */
const LONGEST_FIRST_WAIT_MS = 1_000;

/** A batch in hand, and what of it is not settled yet. */
interface Held {
  readonly batch: Batch;
  readonly leased: Leased;
  readonly lease: LeaseClock;
  readonly open: Set<Claim>;
  /** Whether a time limit was passed. */
  wasLate: boolean;
}

export interface Round {
  readonly claimed: number;
  /** Whether there may be more to claim. */
  readonly full: boolean;
}

/** Does the rounds of one projection, several at once if asked: claim, deliver, settle. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #held = new Set<Held>();
  /** Records per claim: half as many after a time limit, then one more each round, so that few share a batch with one that is too slow. */
  #limit: number;
  /** Records brought up to date that the projection's row does not count yet. */
  #uncounted = 0;
  #stopping = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#limit = options.work.policy.batch;
  }

  /**
   * One round. `onClaimed` is told what was claimed before that is delivered, so that the next may be claimed meanwhile.
   * @throws what stood in the way of the whole batch, of which the rest was given back uncharged
   */
  async round(onClaimed: (round: Round) => void): Promise<Round> {
    const { work, metrics, faults } = this.#options;
    const limit = this.#limit;
    const held = await this.#claim(limit);
    if (!held) return { claimed: 0, full: false };
    const { claims } = held.batch;
    const round: Round = { claimed: claims.length, full: claims.length === limit };
    this.#held.add(held);
    try {
      metrics.claimed(work.name, claims.length);
      await faults('claim.claimed');
      onClaimed(round);
      const steps = this.#steps(held);
      await deliverInParts(claims, {
        deliver: (part) => this.#deliver(held, part, steps),
        blame: (one, error) => this.#blame(held, one, error),
        // Others passed when it was late before, so the target had nothing to do with it then; nor now, if it answers.
        isSuspect: async (one) => one.attempts > 0 && (await work.answers(one)),
      });
      this.#limit = Math.min(work.policy.batch, this.#limit + 1);
      return round;
    } catch (error) {
      if (held.wasLate) this.#limit = Math.max(1, Math.floor(claims.length / 2));
      await this.#giveBack(held, held.wasLate && claims.length === 1 ? this.#standBackMs() : 0);
      throw error;
    } finally {
      this.#held.delete(held);
    }
  }

  /** Nothing new is written any more; what is being written may end, within `graceMs`. Then every lease is given back. */
  async stop(ended: Promise<unknown>, graceMs: number): Promise<void> {
    this.#stopping = true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
    await Promise.all([...this.#held].map((held) => this.#giveBack(held, 0)));
    await this.count();
  }

  /** Tells the projection's row what no claim has told it yet. */
  async count(): Promise<void> {
    const applied = this.#uncounted;
    if (applied === 0) return;
    const { store, work } = this.#options;
    this.#uncounted -= applied;
    await writeOne(store, `update ${store.table('projection')} set applied = applied + ? where name = ?`, [applied, counterOf(work)]);
  }

  async #claim(limit: number): Promise<Held | undefined> {
    const { store, work, owner } = this.#options;
    const lease: LeaseClock = { leaseMs: work.policy.leaseMs, startedAt: performance.now() };
    const applied = this.#uncounted;
    const batch = await claim(store, work, { owner, limit, applied });
    if (!batch) return undefined;
    this.#uncounted -= applied;
    return { batch, lease, leased: { store, work, token: batch.token }, open: new Set(batch.claims), wasLate: false };
  }

  /** One that was too slow alone is not among the next to be tried: those may show that it is not the target. */
  #standBackMs(): number {
    const { gate, work } = this.#options;
    return work.policy.timeoutMs + 2 * gate.breaker.waitMs() + LONGEST_FIRST_WAIT_MS;
  }

  #steps({ lease }: Held): Steps {
    const { gate, subgraph, work, faults, metrics } = this.#options;
    return batchSteps({
      gate,
      lease,
      faults,
      claimant: { subgraph, projection: work.name },
      timeoutMs: work.policy.timeoutMs,
      isStopping: () => this.#stopping,
      observe: (step, seconds) => metrics.step(work.name, step, seconds),
    });
  }

  async #deliver(held: Held, part: readonly Claim[], steps: Steps): Promise<void> {
    const { work, metrics, faults } = this.#options;
    await this.#keep(held);
    const { failed, fenced } = await work.deliver(held.batch, part, steps).catch((error: unknown) => {
      held.wasLate ||= isTimeout(error);
      throw error;
    });
    const done = part.filter(({ id }) => !failed.has(id));
    if (done.length > 0) {
      await faults('complete.before');
      await complete(held.leased, done);
      for (const one of done) held.open.delete(one);
      this.#uncounted += done.length;
      metrics.applied(work.name, done, fenced);
      await faults('complete.after');
    }
    for (const one of part) if (failed.has(one.id)) await this.#blame(held, one, failed.get(one.id));
  }

  /** Starts the lease anew when the part before took long. */
  async #keep({ lease, leased, open }: Held): Promise<void> {
    if (writingTimeMs(lease) > lease.leaseMs / 2) return;
    const startedAt = performance.now();
    if (!(await renew(leased, [...open], lease.leaseMs))) throw new GivenBack('The lease ran out, and another has it.');
    lease.startedAt = startedAt;
  }

  async #blame(held: Held, one: Claim, error: unknown): Promise<void> {
    const { work, logger, metrics, faults } = this.#options;
    await faults('fail.before');
    const attempt = one.attempts + 1;
    const dead = attempt >= work.policy.maxAttempts;
    const waitMs = jitter(work.policy.backoff(attempt));
    await fail(held.leased, { claim: one, error, waitMs, dead, payload: dead ? await work.payload(one) : undefined });
    held.open.delete(one);
    metrics.failed(work.name, dead ? 'dead' : 'retry');
    logger[dead ? 'error' : 'warn'](dead ? 'A record became a dead letter.' : 'A record failed and will be tried again.', {
      projection: work.name,
      recordType: work.source,
      recordId: one.id,
      attempt,
      error,
    });
  }

  async #giveBack({ leased, open }: Held, waitMs: number): Promise<void> {
    if (open.size === 0) return;
    const rest = [...open];
    open.clear();
    try {
      await this.#options.faults('release.before');
      await release(leased, rest, waitMs);
    } catch (error) {
      this.#options.logger.warn('A batch could not be given back; its lease will run out.', { projection: leased.work.name, error });
    }
  }
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import type { Projection } from '../projection/define-projection.js';
import type { RecordType } from '../record.js';
import type { BreakerStatus } from './breaker.js';
import type { Route } from './dispatch.js';
import { dependentsOf, fanOutWorks } from './fan-out.js';
import type { Faults } from './faults.js';
import { lookForDue } from './look.js';
import type { RelayMetrics } from './metrics.js';
import { projectionWork } from './projection-work.js';
import { Runner } from './runner.js';
import type { TargetLimits } from './target-limits.js';
import type { Work } from './work.js';

export interface CrewOptions {
  readonly store: RelationalStore;
  readonly projections: readonly Projection[];
  readonly owner: string;
  readonly subgraph: string;
  readonly limits: TargetLimits;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly faults: Faults;
  readonly onApplied?: (() => void) | undefined;
}

interface Member {
  readonly projection: Projection;
  readonly work: Work;
  readonly runner: Runner;
  readonly isRoute: boolean;
}

/** The workers of a relay: for each projection one, and one for each of its triggers. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #members: readonly Member[];

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#members = options.projections.flatMap((projection) => this.#enlist(projection, options.projections));
  }

  /** @throws Error when a projection or a trigger is fed by what is neither a record type nor a projection */
  check(records: readonly RecordType[]): void {
    for (const { projection } of this.#members) {
      for (const fed of [projection.source, ...projection.triggers.map(({ on }) => on)]) {
        if (!records.some(({ type }) => type === fed) && !this.#members.some(({ work }) => work.name === fed)) {
          throw new Error(`Projection ${projection.name} is fed by ${fed}, which is no record type of this subgraph.`);
        }
      }
    }
  }

  /** Where changes go. */
  routes(): readonly Route[] {
    return this.#members.filter(({ isRoute }) => isRoute).map(({ work }) => work);
  }

  start(): void {
    for (const { runner } of this.#members) runner.start();
  }

  /** What comes after another one that is due is woken by that one: until then it would look through all that wait and find nothing. */
  wakeFor(due: ReadonlySet<string>): void {
    for (const { work, runner } of this.#members) {
      if (due.has(work.name) && !work.after.some((earlier) => due.has(earlier))) runner.wake();
    }
  }

  /** Wakes those with something to do that nobody told of: an attempt whose wait is over, a lease that ran out, what other processes made due. */
  async wakeDue(): Promise<void> {
    const due = await lookForDue(
      this.#options.store,
      this.#members.map(({ work }) => work.name),
    );
    for (const { work, runner } of this.#members) if (due.includes(work.name)) runner.wake();
    for (const { runner } of this.#members) await runner.count();
  }

  breakers(): readonly (BreakerStatus & { readonly projection: string })[] {
    return this.#members.map(({ work, runner }) => ({ projection: work.name, ...runner.status() }));
  }

  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#members.map(({ runner }) => runner.stop(graceMs)));
  }

  #enlist(projection: Projection, projections: readonly Projection[]): Member[] {
    const { store, faults, limits } = this.#options;
    const dependents = dependentsOf(projection, projections);
    // To a version that is built, changes go for as long as it is in the registry; the dispatcher looks.
    const isLive = projection.of === undefined;
    const works = [
      { isRoute: isLive, work: projectionWork({ store, projection, dependents, faults }) },
      ...fanOutWorks(projection, { store, projections, faults }).map((work) => ({ isRoute: isLive && work.fed === 'by changes', work })),
    ];
    return works.map(({ work, isRoute }) => {
      const onApplied = (): void => {
        this.#wakeAfter(work, projection);
        this.#options.onApplied?.();
      };
      return { projection, work, isRoute, runner: new Runner({ ...this.#options, work, gate: limits.of(work.target), onApplied }) };
    });
  }

  /** What was brought up to date may be what others waited for; a search for dependents has made records of its projection due. */
  #wakeAfter(applied: Work, projection: Projection): void {
    for (const { work, runner } of this.#members) {
      if (work.after.includes(applied.name) || (work !== applied && work.name === projection.name)) runner.wake();
    }
  }
}

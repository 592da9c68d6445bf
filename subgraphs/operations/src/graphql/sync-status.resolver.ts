import { requirePermission } from '@loomgraph/auth';
import { readConsumers, readStatus, type ConsumerStatus, type ProjectionStatus } from '@loomgraph/sync';
import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { askEach } from '../ask-each.js';
import type { Engines } from '../engines.js';
import { Throughput } from '../throughput.js';
import type { OperationsContext } from './context.js';
import { SyncConsumer, SyncProjection, SyncUnreachable } from './sync-status.type.js';

@ObjectType({ description: 'How far everything that is derived is behind the systems of record.', simpleResolvers: true })
export class SyncStatus {
  @Field(() => [SyncProjection], { description: 'Every projection, by subgraph and name.' })
  projections!: readonly SyncProjection[];

  @Field(() => [SyncConsumer], { description: 'Every consumer of events, by subgraph and name.' })
  consumers!: readonly SyncConsumer[];

  @Field(() => [SyncUnreachable], { description: 'Subgraphs that could not be asked.' })
  unreachable!: readonly SyncUnreachable[];
}

@Resolver()
export class SyncStatusResolver {
  readonly #engines: Engines;
  readonly #throughput = new Throughput();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  @Query(() => SyncStatus, { description: 'Where every projection and consumer of every subgraph stands. For administrators.' })
  async syncStatus(
    @Ctx() context: OperationsContext,
    @Arg('subgraph', () => String, { nullable: true, description: 'Only of this one.' }) subgraph: string | null,
    @Arg('projection', () => String, { nullable: true, description: 'Only the projection of this name; consumers are left out then.' })
    projection: string | null,
  ): Promise<SyncStatus> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'sync' } });
    const asked = subgraph === null || subgraph === undefined ? this.#engines.subgraphs : [subgraph];
    const { answers, unreachable } = await askEach(asked, async (name) => {
      const store = await this.#engines.of(name);
      const [statuses, consumers] = await Promise.all([readStatus(store), readConsumers(store)]);
      return { statuses, consumers };
    });
    return {
      projections: answers
        .flatMap(({ subgraph: name, answer }) => answer.statuses.map((status) => this.#present(name, status)))
        .filter(({ name }) => !projection || name === projection),
      consumers: projection
        ? []
        : answers.flatMap(({ subgraph: name, answer }) => answer.consumers.map((status) => toConsumer(name, status))),
      unreachable,
    };
  }

  #present(subgraph: string, status: ProjectionStatus): SyncProjection {
    const { building, audit, failing, oldestPendingAt } = status;
    return {
      name: status.name,
      subgraph,
      source: status.source,
      target: status.target,
      version: status.version,
      lagRecords: status.lagRecords,
      lagSeconds: status.lagSeconds,
      oldestPendingAt: oldestPendingAt === undefined ? null : new Date(oldestPendingAt),
      coverage: status.coverage ?? null,
      drift: status.drift,
      deadLetters: status.deadLetters,
      discarded: status.discarded,
      applied: status.applied,
      throughput: this.#throughput.observe(`${subgraph}/${status.name}`, status.applied),
      building: building ? { ...building, total: building.total ?? null } : null,
      lastAudit: audit ? { ...audit, startedAt: new Date(audit.startedAt), endedAt: new Date(audit.endedAt) } : null,
      failingSince: failing ? new Date(failing.since) : null,
      lastError: failing?.error ?? null,
    };
  }
}

function toConsumer(subgraph: string, status: ConsumerStatus): SyncConsumer {
  const { name, topic, applied, skipped, failed, lost, failing, parked } = status;
  const date = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
  return {
    name,
    subgraph,
    topic,
    applied,
    skipped,
    failed,
    lost,
    failing,
    parked,
    lagEvents: status.lag ?? null,
    seenAt: date(status.seenAt),
    deadLetters: status.dead,
    lastAppliedAt: date(status.lastAppliedAt),
    lastError: status.lastError ?? null,
  };
}

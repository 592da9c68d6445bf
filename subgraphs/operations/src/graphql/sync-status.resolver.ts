import { requireRole } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { readStatus, type ProjectionStatus } from '@loomgraph/sync';
import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Engines } from '../engines.js';
import { Throughput } from '../throughput.js';
import { ADMIN, type OperationsContext } from './context.js';
import { SyncProjection, SyncUnreachable } from './sync-status.type.js';

@ObjectType({ description: 'How far everything that is derived is behind the systems of record.', simpleResolvers: true })
export class SyncStatus {
  @Field(() => [SyncProjection], { description: 'Every projection, by subgraph and name.' })
  projections!: readonly SyncProjection[];

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

  @Query(() => SyncStatus, { description: 'Where every projection of every subgraph stands. For administrators.' })
  async syncStatus(
    @Ctx() context: OperationsContext,
    @Arg('subgraph', () => String, { nullable: true, description: 'Only of this one.' }) subgraph: string | null,
    @Arg('projection', () => String, { nullable: true, description: 'Only of this name.' }) projection: string | null,
  ): Promise<SyncStatus> {
    requireRole(context.identity, ADMIN);
    const asked = subgraph === null || subgraph === undefined ? this.#engines.subgraphs : [subgraph];
    const answers = await Promise.all(asked.map((name) => this.#ask(name)));
    return {
      projections: answers.flatMap(({ projections }) => projections).filter(({ name }) => !projection || name === projection),
      unreachable: answers.flatMap(({ unreachable }) => unreachable),
    };
  }

  /** One subgraph whose database is away does not hide the others. */
  async #ask(subgraph: string): Promise<SyncStatus> {
    try {
      const statuses = await readStatus(await this.#engines.of(subgraph));
      return { projections: statuses.map((status) => this.#present(subgraph, status)), unreachable: [] };
    } catch (error) {
      if (error instanceof LoomError && error.code === 'BAD_USER_INPUT') throw error;
      return { projections: [], unreachable: [toUnreachable(subgraph, error)] };
    }
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

function toUnreachable(subgraph: string, error: unknown): SyncUnreachable {
  const code = error instanceof LoomError ? error.code : 'STORE_UNAVAILABLE';
  return {
    subgraph,
    code,
    message: `The database of "${subgraph}" could not be asked; see that it is up and that the subgraph was started once.`,
  };
}

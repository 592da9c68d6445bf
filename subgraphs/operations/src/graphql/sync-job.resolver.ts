import { requirePermission } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { jobs, type JobOptions } from '@loomgraph/sync';
import { Arg, Ctx, Field, GraphQLISODateTime, ID, InputType, Int, Mutation, Query, registerEnumType, Resolver } from 'type-graphql';
import { mergeNewestFirst } from '../across.js';
import type { Engines } from '../engines.js';
import { fromGlobalId } from '../ids.js';
import { toPageParts } from './connection.js';
import type { OperationsContext } from './context.js';
import { SyncJob, SyncJobConnection, SyncJobKind, SyncJobState, toSyncJob } from './sync-job.type.js';

export enum SyncDepth {
  REVISIONS = 'revisions',
  FINGERPRINTS = 'fingerprints',
  CONTENT = 'content',
}
registerEnumType(SyncDepth, {
  name: 'SyncDepth',
  description: 'How closely documents are compared.',
  valuesConfig: {
    REVISIONS: { description: 'Whether each record is there in its newest revision.' },
    FINGERPRINTS: { description: 'Also whether it was derived to what it would be derived to now.' },
    CONTENT: { description: 'Also whether what is stored is what was written.' },
  },
});

@InputType({ description: 'What to compare.' })
export class SyncCheckInput {
  @Field(() => String, { description: 'The subgraph.' })
  subgraph!: string;

  @Field(() => String, { nullable: true, description: 'Only this projection; all of the subgraph when left out.' })
  projection?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Only these records, at most 10,000; then a projection must be named.' })
  ids?: readonly string[] | null;

  @Field(() => SyncDepth, { defaultValue: SyncDepth.CONTENT, description: 'How closely.' })
  depth!: SyncDepth;
}

@InputType({ description: 'What to write anew.' })
export class SyncRebuildInput {
  @Field(() => String, { description: 'The subgraph.' })
  subgraph!: string;

  @Field(() => String, { description: 'The projection.' })
  projection!: string;

  @Field(() => [ID], { nullable: true, description: 'Only these records, at most 10,000.' })
  ids?: readonly string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Leave alone what a record still derives to.' })
  changedOnly!: boolean;
}

@InputType({ description: 'Which events to hand out again.' })
export class SyncReplayInput {
  @Field(() => String, { description: 'The subgraph of the consumer.' })
  subgraph!: string;

  @Field(() => String, { description: 'The consumer.' })
  consumer!: string;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From when; from the first that its topic still holds when left out.' })
  since?: Date | null;
}

@Resolver()
export class SyncJobResolver {
  readonly #engines: Engines;

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  @Query(() => SyncJobConnection, { description: 'Jobs of the sync engines, newest first. For administrators.' })
  async syncJobs(
    @Ctx() context: OperationsContext,
    @Arg('subgraph', () => String, { nullable: true }) subgraph: string | null,
    @Arg('projection', () => String, { nullable: true }) projection: string | null,
    @Arg('kind', () => SyncJobKind, { nullable: true }) kind: SyncJobKind | null,
    @Arg('state', () => SyncJobState, { nullable: true }) state: SyncJobState | null,
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 when left out.' }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<SyncJobConnection> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'sync' } });
    const filter = { kind: kind ?? undefined, state: state ?? undefined, projection: projection ?? undefined };
    const page = await mergeNewestFirst({
      subgraphs: subgraph ? [subgraph] : this.#engines.subgraphs,
      page: { first, after },
      tag: 'sync-jobs',
      read: async (name, limit, before) => {
        const { items, next } = await jobs(await this.#engines.of(name)).list({ ...filter, limit, before });
        return { items: items.map((item) => ({ item, at: item.requestedAt, cursor: item.id })), hasMore: next !== undefined };
      },
    });
    return toPageParts(page, toSyncJob);
  }

  @Query(() => SyncJob, { nullable: true, description: 'A job; null when there is none of this id. For administrators.' })
  async syncJob(@Ctx() context: OperationsContext, @Arg('id', () => ID) id: string): Promise<SyncJob | null> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'sync' } });
    const key = fromGlobalId(id);
    const job = await jobs(await this.#engines.of(key.subgraph)).get(key.id);
    return job ? toSyncJob(key.subgraph, job) : null;
  }

  @Mutation(() => SyncJob, { description: 'Compares projections with their records, as a job. For administrators.' })
  syncCheck(@Ctx() context: OperationsContext, @Arg('input', () => SyncCheckInput) input: SyncCheckInput): Promise<SyncJob> {
    return this.#create(context, 'check', input, { depth: input.depth, ...idsOf(input) });
  }

  @Mutation(() => SyncJob, { description: 'Compares, and writes anew what differs, as a job. For administrators.' })
  syncRepair(@Ctx() context: OperationsContext, @Arg('input', () => SyncCheckInput) input: SyncCheckInput): Promise<SyncJob> {
    return this.#create(context, 'repair', input, { depth: input.depth, ...idsOf(input) });
  }

  @Mutation(() => SyncJob, { description: 'Writes every document of a projection anew, each in its place, as a job. For administrators.' })
  syncRebuild(@Ctx() context: OperationsContext, @Arg('input', () => SyncRebuildInput) input: SyncRebuildInput): Promise<SyncJob> {
    return this.#create(context, 'rebuild', input, { changedOnly: input.changedOnly, ...idsOf(input) });
  }

  @Mutation(() => SyncJob, { description: 'Hands a consumer its events from a point in time again, as a job. For administrators.' })
  syncReplay(@Ctx() context: OperationsContext, @Arg('input', () => SyncReplayInput) input: SyncReplayInput): Promise<SyncJob> {
    const { subgraph, consumer, since } = input;
    return this.#create(context, 'replay', { subgraph }, { consumer, since: since?.getTime() ?? 0 });
  }

  @Mutation(() => SyncJob, {
    description: 'Stops a job at its next step; what it has done stays. One that is over is left as it is. For administrators.',
  })
  async cancelSyncJob(@Ctx() context: OperationsContext, @Arg('id', () => ID) id: string): Promise<SyncJob> {
    await requirePermission(context.authorizer, context.identity, { action: 'command', resource: { type: 'sync' } });
    const key = fromGlobalId(id);
    const job = await jobs(await this.#engines.of(key.subgraph)).cancel(key.id);
    if (!job) throw new LoomError('NOT_FOUND', `There is no job "${id}".`);
    return toSyncJob(key.subgraph, job);
  }

  async #create(
    context: OperationsContext,
    kind: SyncJobKind,
    { subgraph, projection }: { subgraph: string; projection?: string | null },
    options: JobOptions,
  ): Promise<SyncJob> {
    const { userId } = await requirePermission(context.authorizer, context.identity, { action: 'command', resource: { type: 'sync' } });
    const store = await this.#engines.of(subgraph);
    return toSyncJob(subgraph, await jobs(store).create({ kind, projection: projection ?? undefined, options, requestedBy: userId }));
  }
}

function idsOf({ ids }: { ids?: readonly string[] | null }): JobOptions {
  return ids ? { ids } : {};
}

import { jobKinds, jobStates, type Job } from '@loomgraph/sync';
import { PageInfo } from '@loomgraph/subgraph-kit';
import { GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import { Field, Float, GraphQLISODateTime, ID, ObjectType, registerEnumType } from 'type-graphql';
import { toGlobalId } from '../ids.js';
import { SyncUnreachable } from './sync-status.type.js';

/** GraphQL's spelling of a closed set of words. */
const upperCase = <Word extends string>(words: readonly Word[]) =>
  Object.fromEntries(words.map((word) => [word.toUpperCase(), word])) as { [Key in Uppercase<Word>]: Word };

export const SyncJobKind = upperCase(jobKinds);
export type SyncJobKind = (typeof jobKinds)[number];
registerEnumType(SyncJobKind, {
  name: 'SyncJobKind',
  description: 'What a job does.',
  valuesConfig: {
    CHECK: { description: 'Compares projections with their records.' },
    REPAIR: { description: 'The same, and writes anew what differs.' },
    REBUILD: { description: 'Writes every document of a projection anew.' },
    REPLAY: { description: 'Hands a consumer its events from a point in time again.' },
  },
});

export const SyncJobState = upperCase(jobStates);
export type SyncJobState = (typeof jobStates)[number];
registerEnumType(SyncJobState, {
  name: 'SyncJobState',
  description: 'Where a job stands.',
  valuesConfig: {
    QUEUED: { description: 'It waits for a relay to take it.' },
    RUNNING: { description: 'A relay works on it; one that dies is followed by another.' },
    DONE: { description: 'It has done all it was asked.' },
    FAILED: { description: 'It could not; `error` says why.' },
    CANCELLED: { description: 'Somebody stopped it; what it had done stays.' },
  },
});

@ObjectType({ description: 'Long work of a sync engine. It survives the end of the process that does it.', simpleResolvers: true })
export class SyncJob {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'The subgraph whose engine does it.' })
  subgraph!: string;

  @Field(() => SyncJobKind, { description: 'What it does.' })
  kind!: SyncJobKind;

  @Field(() => String, { nullable: true, description: 'The projection it is for; null for all, and for a replay.' })
  projection!: string | null;

  @Field(() => String, { nullable: true, description: 'The consumer a replay is for.' })
  consumer!: string | null;

  @Field(() => SyncJobState, { description: 'Where it stands.' })
  state!: SyncJobState;

  @Field(() => GraphQLSafeInt, { description: 'Steps it has done.' })
  done!: number;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'Steps it will have done; null while that is not known.' })
  total!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share that is done, 0 to 1; null while that is not known.' })
  progress!: number | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'What came of it, or what it has so far: per projection the records checked and what was found, with examples.',
  })
  result!: unknown;

  @Field(() => String, { nullable: true, description: 'The code of its failure, or of what it waits for.' })
  errorCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, or what it waits for.' })
  error!: string | null;

  @Field(() => String, { description: 'Who asked for it.' })
  requestedBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  requestedAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it began.' })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;
}

@ObjectType({ description: 'A job in a list.', simpleResolvers: true })
export class SyncJobEdge {
  @Field(() => String, { description: 'Give it to `after`.' })
  cursor!: string;

  @Field(() => SyncJob, { description: 'The job.' })
  node!: SyncJob;
}

@ObjectType({ description: 'A page of jobs, newest first.', simpleResolvers: true })
export class SyncJobConnection {
  @Field(() => [SyncJobEdge], { description: 'The page, in order.' })
  edges!: readonly SyncJobEdge[];

  @Field(() => [SyncJob], { description: 'The jobs of the page, without cursors.' })
  nodes!: readonly SyncJob[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => [SyncUnreachable], { description: 'Subgraphs that could not be asked, and whose part is left out.' })
  unreachable!: readonly SyncUnreachable[];
}

export function toSyncJob(subgraph: string, job: Job): SyncJob {
  const date = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
  return {
    id: toGlobalId(subgraph, job.id),
    subgraph,
    kind: job.kind,
    projection: job.projection ?? null,
    consumer: job.options.consumer ?? null,
    state: job.state,
    done: job.done,
    total: job.total ?? null,
    progress: progressOf(job),
    result: job.result ?? null,
    errorCode: job.error?.code ?? null,
    error: job.error?.message ?? null,
    requestedBy: job.requestedBy,
    requestedAt: new Date(job.requestedAt),
    startedAt: date(job.startedAt),
    endedAt: date(job.endedAt),
  };
}

function progressOf({ state, done, total }: Job): number | null {
  if (state === 'done') return 1;
  return total === undefined || total === 0 ? null : Math.min(1, done / total);
}

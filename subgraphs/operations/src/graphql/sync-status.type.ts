import { Field, Float, GraphQLISODateTime, Int, ObjectType } from 'type-graphql';
import { GraphQLSafeInt } from 'graphql-scalars';

@ObjectType({ description: 'A version of a projection that is built beside the one that serves.', simpleResolvers: true })
export class SyncBuild {
  @Field(() => String, { description: 'The derivation and target it is built with.' })
  version!: string;

  @Field(() => GraphQLSafeInt, { description: 'Records it has.' })
  done!: number;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'Records it needs before it takes over; null until they are counted.' })
  total!: number | null;
}

@ObjectType({ description: 'What a whole pass of the auditor over one projection found.', simpleResolvers: true })
export class SyncAudit {
  @Field(() => GraphQLISODateTime, { description: 'When the pass began.' })
  startedAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it ended.' })
  endedAt!: Date;

  @Field(() => GraphQLSafeInt, { description: 'Records and documents that were compared.' })
  checked!: number;

  @Field(() => Int, { description: 'Records without a document.' })
  missing!: number;

  @Field(() => Int, { description: 'Documents of an older state of their record.' })
  stale!: number;

  @Field(() => Int, { description: 'Documents without a record.' })
  orphan!: number;

  @Field(() => Int, { description: 'Documents that are not what was written.' })
  corrupt!: number;

  @Field(() => Int, { description: 'Of these, how many were made right.' })
  repaired!: number;
}

@ObjectType({ description: 'How far a projection is behind its record, and how true it is.', simpleResolvers: true })
export class SyncProjection {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'The subgraph it belongs to.' })
  subgraph!: string;

  @Field(() => String, { description: 'The record type that feeds it.' })
  source!: string;

  @Field(() => String, { description: 'What it writes: vectors, graph, cache or search.' })
  target!: string;

  @Field(() => String, { description: 'The derivation that serves reads.' })
  version!: string;

  @Field(() => Int, { description: 'Records whose newest change is not applied yet.' })
  lagRecords!: number;

  @Field(() => Float, { description: 'Age of the oldest change that is not applied yet, in seconds; 0 when there is none.' })
  lagSeconds!: number;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When the oldest change that is not applied yet was made.' })
  oldestPendingAt!: Date | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the records that the target held when it was last audited, 0 to 1; null before the first audit.',
  })
  coverage!: number | null;

  @Field(() => Int, { description: 'Documents that an audit found different from their record and that are not repaired yet.' })
  drift!: number;

  @Field(() => Int, { description: 'Records that failed for good and wait for a decision.' })
  deadLetters!: number;

  @Field(() => Int, { description: 'Dead letters that were given up.' })
  discarded!: number;

  @Field(() => GraphQLSafeInt, { description: 'Records brought up to date since the projection was first started.' })
  applied!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Records brought up to date per second since this was last asked, at least a second ago; null the first time.',
  })
  throughput!: number | null;

  @Field(() => SyncBuild, { nullable: true, description: 'A version that is being built; null when there is none.' })
  building!: SyncBuild | null;

  @Field(() => SyncAudit, { nullable: true, description: 'The last audit that ended; null before the first.' })
  lastAudit!: SyncAudit | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Since when the target refuses everything; null while it does not.' })
  failingSince!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it does.' })
  lastError!: string | null;
}

@ObjectType({ description: 'How far a consumer of events is, and what it could not take.', simpleResolvers: true })
export class SyncConsumer {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'The subgraph it belongs to.' })
  subgraph!: string;

  @Field(() => String, { description: 'The topic it reads.' })
  topic!: string;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'Events that wait on the bus, as of `seenAt`; null before the first look.' })
  lagEvents!: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When a process last looked after it: an old time means that nobody reads. Null before the first.',
  })
  seenAt!: Date | null;

  @Field(() => GraphQLSafeInt, { description: 'Events it applied since it was first started.' })
  applied!: number;

  @Field(() => GraphQLSafeInt, { description: 'Events of types it does not handle.' })
  skipped!: number;

  @Field(() => GraphQLSafeInt, { description: 'Failures, repeated ones included.' })
  failed!: number;

  @Field(() => GraphQLSafeInt, { description: 'Events that the topic gave up before the consumer had them.' })
  lost!: number;

  @Field(() => Int, { description: 'Events that failed and come again by themselves.' })
  failing!: number;

  @Field(() => Int, { description: 'Events that failed for good and wait for a decision.' })
  deadLetters!: number;

  @Field(() => Int, { description: 'Events of a newer version, that wait for a process that knows it.' })
  parked!: number;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it last applied an event; null before the first.' })
  lastAppliedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why an event failed the last time; null when none has.' })
  lastError!: string | null;
}

@ObjectType({ description: 'A subgraph whose sync engine could not be asked.', simpleResolvers: true })
export class SyncUnreachable {
  @Field(() => String, { description: 'The subgraph.' })
  subgraph!: string;

  @Field(() => String, { description: 'The code of the failure.' })
  code!: string;

  @Field(() => String, { description: 'What to do about it.' })
  message!: string;
}

import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum AuditOutcome {
  ALLOWED = 'ALLOWED',
  DENIED = 'DENIED',
  FAILED = 'FAILED',
}
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  description: 'How it ended.',
  valuesConfig: {
    ALLOWED: { description: 'It was done.' },
    DENIED: { description: 'A rule forbids it.' },
    FAILED: { description: 'It was tried and did not succeed, as a wrong password.' },
  },
});

@InputType({ description: 'Which entries; every given condition must hold.' })
export class AuditFilterInput {
  @Field(() => ID, { nullable: true, description: 'By this user.' })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: 'This action, as users.login.' })
  action?: string | null;

  @Field(() => AuditOutcome, { nullable: true, description: 'With this outcome.' })
  outcome?: AuditOutcome | null;

  @Field(() => String, { nullable: true, description: 'To resources of this type.' })
  resourceType?: string | null;

  @Field(() => ID, { nullable: true, description: 'To the resource of this id.' })
  resourceId?: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From this time on.' })
  since?: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Before this time.' })
  until?: Date | null;
}

@ObjectType({ description: 'A fact about an entry, beside its fields.', simpleResolvers: true })
export class AuditDetail {
  @Field(() => String, { description: 'What it is.' })
  name!: string;

  @Field(() => String, { description: 'Its value, as text.' })
  value!: string;
}

@ObjectType({
  description:
    'What somebody did, or was kept from doing. Ids only: who is behind one, the field user of accounts tells while they are there.',
  simpleResolvers: true,
})
export class AuditEntry {
  @Field(() => Int, { description: 'Its place in the log, from 1, without gaps.' })
  sequence!: number;

  @Field(() => GraphQLISODateTime, { description: 'When it happened.' })
  occurredAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it was written down.' })
  recordedAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The user; null for an anonymous caller.' })
  actorId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The session they had.' })
  sessionId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The API key they came with.' })
  apiKeyId!: string | null;

  @Field(() => String, { nullable: true, description: 'The network the request came from: /24 of IPv4, /48 of IPv6.' })
  address!: string | null;

  @Field(() => String, { description: 'What was done, as noun and verb.' })
  action!: string;

  @Field(() => String, { description: 'What it was done to.' })
  resourceType!: string;

  @Field(() => ID, { nullable: true, description: 'Its id.' })
  resourceId!: string | null;

  @Field(() => AuditOutcome, { description: 'How it ended.' })
  outcome!: AuditOutcome;

  @Field(() => String, { nullable: true, description: 'Why not, as a code.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'The request, as in x-request-id and the logs.' })
  requestId!: string | null;

  @Field(() => [AuditDetail], { description: 'Ids, codes and counts.' })
  details!: readonly AuditDetail[];

  @Field(() => String, { description: 'SHA-256 over the entry before and this one, in hexadecimal.' })
  hash!: string;
}

@ObjectType({ description: 'An entry in a list.', simpleResolvers: true })
export class AuditEntryEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => AuditEntry, { description: 'The entry.' })
  node!: AuditEntry;
}

@ObjectType({ description: 'A page of the audit log.', simpleResolvers: true })
export class AuditEntryConnection {
  @Field(() => [AuditEntryEdge], { description: 'The page, newest first.' })
  edges!: readonly AuditEntryEdge[];

  @Field(() => [AuditEntry], { description: 'The entries of the page, without cursors.' })
  nodes!: readonly AuditEntry[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  /** Counted when the field is selected. */
  @Field(() => Int, { description: 'Exact number of entries the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

export enum AuditFindingKind {
  EDITED = 'EDITED',
  MISSING = 'MISSING',
  BROKEN_LINK = 'BROKEN_LINK',
  REWRITTEN = 'REWRITTEN',
  TRUNCATED = 'TRUNCATED',
  HEAD = 'HEAD',
  ANCHORS = 'ANCHORS',
}
registerEnumType(AuditFindingKind, {
  name: 'AuditFindingKind',
  description: 'What is wrong with the audit log.',
  valuesConfig: {
    EDITED: { description: "An entry's content does not fit its hash." },
    MISSING: { description: 'Entries are gone from between others.' },
    BROKEN_LINK: { description: 'An entry does not follow the one before: one of the two was replaced, moved or inserted.' },
    REWRITTEN: { description: 'An anchor in the second store has another hash: what came since the anchor before may be false.' },
    TRUNCATED: { description: 'The log ends before what its head or an anchor has seen.' },
    HEAD: { description: 'The head does not name the last entry.' },
    ANCHORS: { description: 'Anchors are gone from the second store.' },
  },
});

@ObjectType({ description: 'Something that is wrong with the audit log.', simpleResolvers: true })
export class AuditFinding {
  @Field(() => AuditFindingKind, { description: 'What is wrong.' })
  kind!: AuditFindingKind;

  @Field(() => Int, { description: 'The first entry it is about.' })
  from!: number;

  @Field(() => Int, { description: 'The last entry it is about.' })
  to!: number;

  @Field(() => String, { description: 'In a sentence.' })
  message!: string;
}

@ObjectType({ description: 'What a look over a stretch of the audit log has found.', simpleResolvers: true })
export class AuditVerification {
  @Field(() => Boolean, { description: 'Whether nothing is wrong with the stretch.' })
  intact!: boolean;

  @Field(() => Int, { description: 'Entries looked at.' })
  checked!: number;

  @Field(() => Int, { description: 'Anchors compared.' })
  anchors!: number;

  @Field(() => Int, { description: 'The last entry looked at.' })
  last!: number;

  @Field(() => Int, { nullable: true, description: 'Give it to `from` to go on; null at the end of the log.' })
  next!: number | null;

  @Field(() => Int, { description: 'How far anchors in the second store reach: later entries could be cut off without a trace.' })
  anchoredTo!: number;

  @Field(() => [AuditFinding], { description: 'What is wrong; the first 100.' })
  findings!: readonly AuditFinding[];

  @Field(() => Int, { description: 'How many findings there are.' })
  found!: number;
}

import { PageInfo } from '@loomgraph/subgraph-kit';
import type { DeadLetter as Letter, DeadLetterDetail, DeadLetterLogEntry } from '@loomgraph/sync';
import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { toGlobalId } from '../ids.js';
import { SyncUnreachable } from './sync-status.type.js';

export enum DeadLetterKind {
  RECORD = 'record',
  EVENT = 'event',
}
registerEnumType(DeadLetterKind, {
  name: 'DeadLetterKind',
  description: 'What failed.',
  valuesConfig: {
    RECORD: { description: 'A record that a projection could not take.' },
    EVENT: { description: 'An event that a consumer could not take.' },
  },
});

export enum DeadLetterAction {
  RETRY = 'retry',
  DISCARD = 'discard',
}
registerEnumType(DeadLetterAction, {
  name: 'DeadLetterAction',
  description: 'What was decided about a dead letter.',
  valuesConfig: { RETRY: { description: 'Tried again.' }, DISCARD: { description: 'Given up.' } },
});

@ObjectType({ description: 'A record or an event that failed for good and waits for a decision.', simpleResolvers: true })
export class DeadLetter {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'The subgraph.' })
  subgraph!: string;

  @Field(() => DeadLetterKind, { description: 'What failed.' })
  kind!: DeadLetterKind;

  @Field(() => String, { description: 'The projection or consumer it failed at.' })
  source!: string;

  @Field(() => String, { description: "The record's type, or the event's." })
  type!: string;

  @Field(() => ID, { description: "The record's id, or the event's." })
  recordId!: string;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number;

  @Field(() => String, { description: 'The code of the last failure.' })
  code!: string;

  @Field(() => String, { description: 'Why it failed the last time.' })
  error!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it failed the last time.' })
  failedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'For a record what would have been stored, as JSON, at most 65,000 bytes; for an event its body. Null in lists, and when the record could not be loaded.',
  })
  payload!: string | null;
}

@ObjectType({ description: 'A dead letter in a list.', simpleResolvers: true })
export class DeadLetterEdge {
  @Field(() => String, { description: 'Give it to `after`.' })
  cursor!: string;

  @Field(() => DeadLetter, { description: 'The letter.' })
  node!: DeadLetter;
}

@ObjectType({ description: 'A page of dead letters, newest first.', simpleResolvers: true })
export class DeadLetterConnection {
  @Field(() => [DeadLetterEdge], { description: 'The page, in order.' })
  edges!: readonly DeadLetterEdge[];

  @Field(() => [DeadLetter], { description: 'The letters of the page, without cursors.' })
  nodes!: readonly DeadLetter[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => [SyncUnreachable], { description: 'Subgraphs that could not be asked, and whose part is left out.' })
  unreachable!: readonly SyncUnreachable[];
}

@ObjectType({ description: 'A decision about a dead letter.', simpleResolvers: true })
export class DeadLetterDecision {
  @Field(() => String, { description: 'The subgraph.' })
  subgraph!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  at!: Date;

  @Field(() => String, { description: 'Who made it.' })
  actor!: string;

  @Field(() => DeadLetterAction, { description: 'What it was.' })
  action!: DeadLetterAction;

  @Field(() => String, { description: 'The projection or consumer.' })
  source!: string;

  @Field(() => String, { description: "The record's type, or the event's." })
  type!: string;

  @Field(() => ID, { description: "The record's id, or the event's." })
  recordId!: string;

  @Field(() => String, { nullable: true, description: 'The code of the failure.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was given up.' })
  reason!: string | null;
}

@ObjectType({ description: 'A decision in a list.', simpleResolvers: true })
export class DeadLetterDecisionEdge {
  @Field(() => String, { description: 'Give it to `after`.' })
  cursor!: string;

  @Field(() => DeadLetterDecision, { description: 'The decision.' })
  node!: DeadLetterDecision;
}

@ObjectType({ description: 'A page of decisions, newest first.', simpleResolvers: true })
export class DeadLetterDecisionConnection {
  @Field(() => [DeadLetterDecisionEdge], { description: 'The page, in order.' })
  edges!: readonly DeadLetterDecisionEdge[];

  @Field(() => [DeadLetterDecision], { description: 'The decisions of the page, without cursors.' })
  nodes!: readonly DeadLetterDecision[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => [SyncUnreachable], { description: 'Subgraphs that could not be asked, and whose part is left out.' })
  unreachable!: readonly SyncUnreachable[];
}

export function toDeadLetter(subgraph: string, letter: Letter | DeadLetterDetail): DeadLetter {
  return {
    ...letter,
    id: toGlobalId(subgraph, letter.id),
    subgraph,
    kind: letter.kind === 'record' ? DeadLetterKind.RECORD : DeadLetterKind.EVENT,
    failedAt: new Date(letter.failedAt),
    payload: ('payload' in letter ? letter.payload : undefined) ?? null,
  };
}

export function toDecision(subgraph: string, entry: DeadLetterLogEntry): DeadLetterDecision {
  return {
    ...entry,
    subgraph,
    at: new Date(entry.at),
    action: entry.action === 'retry' ? DeadLetterAction.RETRY : DeadLetterAction.DISCARD,
    code: entry.code ?? null,
    reason: entry.reason ?? null,
  };
}

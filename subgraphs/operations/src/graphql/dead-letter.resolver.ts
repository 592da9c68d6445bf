import { requirePermission } from '@loomgraph/auth';
import { deadLetters, type DeadLetterFilter, type DeadLetters } from '@loomgraph/sync';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { mergeNewestFirst } from '../across.js';
import { askEach } from '../ask-each.js';
import type { Engines } from '../engines.js';
import { fromGlobalId } from '../ids.js';
import { toPageParts } from './connection.js';
import type { OperationsContext } from './context.js';
import {
  DeadLetter,
  DeadLetterConnection,
  DeadLetterDecisionConnection,
  DeadLetterKind,
  toDeadLetter,
  toDecision,
} from './dead-letter.type.js';
import { SyncUnreachable } from './sync-status.type.js';

@InputType({ description: 'Which dead letters; every given condition must hold.' })
export class DeadLetterFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this subgraph.' })
  subgraph?: string | null;

  @Field(() => DeadLetterKind, { nullable: true, description: 'Records or events.' })
  kind?: DeadLetterKind | null;

  @Field(() => String, { nullable: true, description: 'Of this projection or consumer.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this record type or event type.' })
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'With this code.' })
  code?: string | null;
}

@ObjectType({ description: 'What was done to dead letters.', simpleResolvers: true })
export class DeadLettersPayload {
  @Field(() => Int, { description: 'How many letters there were.' })
  count!: number;

  @Field(() => [SyncUnreachable], { description: 'Subgraphs that could not be asked: nothing was decided about theirs.' })
  unreachable!: readonly SyncUnreachable[];
}

@Resolver()
export class DeadLetterResolver {
  readonly #engines: Engines;

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  @Query(() => DeadLetterConnection, { description: 'What failed for good, newest first. For administrators.' })
  async deadLetters(
    @Ctx() context: OperationsContext,
    @Arg('filter', () => DeadLetterFilterInput, { nullable: true }) filter: DeadLetterFilterInput | null,
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 when left out.' }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<DeadLetterConnection> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'dead-letter' } });
    const page = await mergeNewestFirst({
      subgraphs: this.#subgraphsOf(filter),
      page: { first, after },
      tag: 'dead-letters',
      read: async (name, limit, position) => {
        const { letters, hasNextPage } = await (await this.#of(name)).list(toFilter(filter), toPage(limit, position));
        return { items: letters.map((item) => ({ item, at: item.failedAt, cursor: item.cursor })), hasMore: hasNextPage };
      },
    });
    return toPageParts(page, toDeadLetter);
  }

  @Query(() => DeadLetter, {
    nullable: true,
    description: 'A dead letter with what would have been stored; null when it is none any more. For administrators.',
  })
  async deadLetter(@Ctx() context: OperationsContext, @Arg('id', () => ID) id: string): Promise<DeadLetter | null> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'dead-letter' } });
    const key = fromGlobalId(id);
    const letter = await (await this.#of(key.subgraph)).get(key.id);
    return letter ? toDeadLetter(key.subgraph, letter) : null;
  }

  @Query(() => DeadLetterDecisionConnection, { description: 'Who decided what about dead letters, newest first. For administrators.' })
  async deadLetterDecisions(
    @Ctx() context: OperationsContext,
    @Arg('subgraph', () => String, { nullable: true }) subgraph: string | null,
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 when left out.' }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<DeadLetterDecisionConnection> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'dead-letter' } });
    const page = await mergeNewestFirst({
      subgraphs: this.#subgraphsOf({ subgraph }),
      page: { first, after },
      tag: 'dead-letter-decisions',
      read: async (name, limit, position) => {
        const { entries, hasNextPage } = await (await this.#of(name)).log(toPage(limit, position));
        return { items: entries.map((item) => ({ item, at: item.at, cursor: item.cursor })), hasMore: hasNextPage };
      },
    });
    return toPageParts(page, toDecision);
  }

  @Mutation(() => DeadLettersPayload, { description: 'Tries one dead letter again, with all its attempts. For administrators.' })
  async retryDeadLetter(@Ctx() context: OperationsContext, @Arg('id', () => ID) id: string): Promise<DeadLettersPayload> {
    const { userId: actor } = await requirePermission(context.authorizer, context.identity, {
      action: 'decide',
      resource: { type: 'dead-letter' },
    });
    const key = fromGlobalId(id);
    return { count: await (await this.#of(key.subgraph)).retry({ ids: [key.id] }, { actor }), unreachable: [] };
  }

  @Mutation(() => DeadLettersPayload, { description: 'Tries all dead letters that match again. For administrators.' })
  async retryDeadLetters(
    @Ctx() context: OperationsContext,
    @Arg('filter', () => DeadLetterFilterInput) filter: DeadLetterFilterInput,
  ): Promise<DeadLettersPayload> {
    const { userId: actor } = await requirePermission(context.authorizer, context.identity, {
      action: 'decide',
      resource: { type: 'dead-letter' },
    });
    const { answers, unreachable } = await askEach(this.#subgraphsOf(filter), async (name) =>
      (await this.#of(name)).retry({ filter: toFilter(filter) }, { actor }),
    );
    return { count: answers.reduce((sum, { answer }) => sum + answer, 0), unreachable };
  }

  @Mutation(() => DeadLettersPayload, {
    description:
      'Gives a dead letter up: a record stays in the target as it is until it changes; an event is never applied. For administrators.',
  })
  async discardDeadLetter(
    @Ctx() context: OperationsContext,
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, { description: 'Kept with who decided.' }) reason: string,
  ): Promise<DeadLettersPayload> {
    const { userId: actor } = await requirePermission(context.authorizer, context.identity, {
      action: 'decide',
      resource: { type: 'dead-letter' },
    });
    const key = fromGlobalId(id);
    return { count: await (await this.#of(key.subgraph)).discard({ ids: [key.id] }, { actor, reason }), unreachable: [] };
  }

  async #of(subgraph: string): Promise<DeadLetters> {
    return deadLetters(await this.#engines.of(subgraph));
  }

  #subgraphsOf(filter: { subgraph?: string | null } | null | undefined): readonly string[] {
    return filter?.subgraph ? [filter.subgraph] : this.#engines.subgraphs;
  }
}

function toFilter(filter: DeadLetterFilterInput | null | undefined): DeadLetterFilter {
  const { kind, source, type, code } = filter ?? {};
  return Object.fromEntries(Object.entries({ kind, source, type, code }).filter(([, value]) => value !== null && value !== undefined));
}

const toPage = (first: number, after: string | undefined) => ({ first, ...(after === undefined ? {} : { after }) });

import type { Random } from '../../harness/random.ts';
import type { GraphqlAnswer, GraphqlClient } from '../../harness/graphql.ts';
import { NOT_SENT, type Journal, type Write } from './journal.ts';

/** Templates that writers have been told of, for all to use and rate. */
export interface Known {
  readonly id: string;
  readonly slug: string;
}

export interface WriterOptions {
  readonly number: number;
  readonly userId: string;
  readonly token: string;
  readonly random: Random;
  readonly journal: Journal;
  /** Shared between the writers. */
  readonly known: Known[];
  readonly categoryIds: readonly string[];
  /** Resolves when a gateway is up, to a client for it; undefined ends the writer. */
  readonly client: () => Promise<GraphqlClient | undefined>;
}

/** Errors after which a write has certainly not happened. Any other leaves that open. */
const REFUSALS = new Set(['NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'FORBIDDEN', 'UNAUTHENTICATED', 'GRAPHQL_VALIDATION_FAILED']);
const REQUEST_TIMEOUT_MS = 20_000;

/**
 * One client: makes, changes, rates, uses and deletes templates, one request at a time. It changes and deletes only its own templates and rates
 * as its own user, so the order of those writes is known; it uses anybody's.
 */
export async function runWriter(options: WriterOptions): Promise<void> {
  const { random, known } = options;
  const own: Known[] = [];
  let made = 0;
  for (;;) {
    const client = await options.client();
    if (!client) return;
    const roll = random.next();
    if (own.length === 0 || roll < 0.3) {
      const slug = `drill-${options.number}-${made++}`;
      const id = await create(client, options, slug);
      if (id === undefined) continue;
      own.push({ id, slug });
      known.push({ id, slug });
    } else if (roll < 0.55) {
      const target = random.pick(own);
      const name = nameOf(target.slug, random);
      await send(client, options, {
        write: { kind: 'update', slug: target.slug, value: name },
        query: UPDATE,
        variables: { input: { id: target.id, name } },
      });
    } else if (roll < 0.75) {
      const target = random.pick(known);
      await send(client, options, { write: { kind: 'use', slug: target.slug }, query: USE, variables: { id: target.id } });
    } else if (roll < 0.93) {
      const target = random.pick(known);
      const hundredths = random.integer(0, 500);
      await send(client, options, {
        write: { kind: 'rate', slug: target.slug, value: hundredths },
        query: RATE,
        variables: { input: { templateId: target.id, rating: hundredths / 100 } },
      });
    } else {
      const [target] = own.splice(random.integer(0, own.length - 1), 1);
      if (!target) continue;
      known.splice(
        known.findIndex(({ id }) => id === target.id),
        1,
      );
      await send(client, options, { write: { kind: 'delete', slug: target.slug }, query: DELETE, variables: { id: target.id } });
    }
  }
}

/** A word in the name belongs to the template alone, another to this version of it: searches find one and not the other's. */
export const wordOf = (slug: string): string => `zq${slug.replaceAll('-', 'x')}`;

function nameOf(slug: string, random: Random): string {
  return `Résumé 简历 ${wordOf(slug)} v${random.integer(1, 999_999_999).toString(36)}`;
}

async function create(client: GraphqlClient, options: WriterOptions, slug: string): Promise<string | undefined> {
  const { random, categoryIds } = options;
  const name = nameOf(slug, random);
  const input = { slug, name, categoryId: random.pick(categoryIds), description: `Written by writer ${options.number}.`, tags: ['drill'] };
  const data = await send<{ createTemplate: { template: { id: string } } }>(client, options, {
    write: { kind: 'create', slug, value: name },
    query: CREATE,
    variables: { input },
  });
  return data?.createTemplate.template.id;
}

/** Sends one write and journals what it was told. @returns the data of an acknowledged write */
async function send<Data>(
  client: GraphqlClient,
  { journal, userId, token }: WriterOptions,
  { write, query, variables }: { write: Omit<Write, 'userId'>; query: string; variables: Readonly<Record<string, unknown>> },
): Promise<Data | undefined> {
  const settle = journal.begin({ ...write, userId });
  let answer: GraphqlAnswer<Data>;
  try {
    answer = await client.send<Data>({ query, variables, token, timeoutMs: REQUEST_TIMEOUT_MS });
  } catch (error) {
    // Nobody listened: it was not even sent.
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') settle('refused', NOT_SENT);
    else settle('unknown');
    return undefined;
  }
  if (answer.status === 200 && answer.errors.length === 0 && answer.data) {
    settle('acknowledged');
    return answer.data;
  }
  const code = answer.errors[0]?.extensions?.code ?? `HTTP ${answer.status}`;
  if (REFUSALS.has(code)) settle('refused', code);
  else settle('unknown', code);
  return undefined;
}

const CREATE = 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id revision } } }';
const UPDATE = 'mutation ($input: UpdateTemplateInput!) { updateTemplate(input: $input) { template { id revision } } }';
const RATE = 'mutation ($input: RateTemplateInput!) { rateTemplate(input: $input) { rating { rating } } }';
const USE = 'mutation ($id: ID!) { useTemplate(templateId: $id) { usageCount } }';
const DELETE = 'mutation ($id: ID!) { deleteTemplate(id: $id) { deletedId } }';

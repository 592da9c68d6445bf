import Table from 'cli-table3';
import type { LetterOptions } from '../args.ts';
import type { Client } from '../../cli/client.ts';
import type { Outcome } from '../outcome.ts';
import { nameAway, type Unreachable } from '../unreachable.ts';

const LETTER = 'id subgraph kind source type recordId attempts code error failedAt';

interface Letter {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly recordId: string;
  readonly attempts: number;
  readonly code: string;
  readonly error: string;
  readonly failedAt: string;
}

export async function listLetters(client: Client, first: number, filter: LetterOptions): Promise<Outcome> {
  interface Page {
    readonly nodes: readonly Letter[];
    readonly pageInfo: { readonly hasNextPage: boolean };
    readonly unreachable: readonly Unreachable[];
  }
  const { deadLetters } = await client.run<{ deadLetters: Page }>(
    `query($filter: DeadLetterFilterInput, $first: Int) {
       deadLetters(filter: $filter, first: $first) { nodes { ${LETTER} } pageInfo { hasNextPage } unreachable { subgraph code message } }
     }`,
    { first, filter },
  );
  const { nodes, pageInfo } = deadLetters;
  const away = nameAway(deadLetters.unreachable);
  if (nodes.length === 0) return { text: ['No dead letters.', ...away].join('\n'), json: deadLetters, isWell: away.length === 0 };
  const table = new Table({ head: ['failed at', 'source', 'type', 'record', 'attempts', 'why'], style: { head: [], border: [] } });
  for (const one of nodes) table.push([one.failedAt, one.source, one.type, one.recordId, one.attempts, `${one.code}: ${one.error}`]);
  const ids = nodes.map(({ id, recordId }) => `${recordId}  ${id}`);
  const more = pageInfo.hasNextPage ? ['There are more: --first takes up to 100.'] : [];
  return {
    text: [table.toString(), 'Ids, for show, retry and discard:', ...ids, ...more, ...away].join('\n'),
    json: deadLetters,
    isWell: false,
  };
}

export async function showLetter(client: Client, { id }: { id: string }): Promise<Outcome> {
  const { deadLetter } = await client.run<{ deadLetter: (Letter & { payload: string | null }) | null }>(
    `query($id: ID!) { deadLetter(id: $id) { ${LETTER} payload } }`,
    { id },
  );
  if (!deadLetter) return { text: 'This is no dead letter any more.', json: null, isWell: false };
  const { source, type, recordId, attempts, code, error, failedAt, payload } = deadLetter;
  const lines = [
    `${type} ${recordId} at ${source}, ${attempts} attempts, last ${failedAt}`,
    `${code}: ${error}`,
    '',
    payload ?? 'No payload.',
  ];
  return { text: lines.join('\n'), json: deadLetter, isWell: true };
}

export async function retryMatching(client: Client, filter: LetterOptions): Promise<Outcome> {
  const mutation =
    'mutation($filter: DeadLetterFilterInput!) { done: retryDeadLetters(filter: $filter) { count unreachable { subgraph code message } } }';
  const { done } = await client.run<{ done: { count: number; unreachable: readonly Unreachable[] } }>(mutation, { filter });
  const away = nameAway(done.unreachable);
  return { text: [`${done.count} tried again.`, ...away].join('\n'), json: done, isWell: away.length === 0 };
}

export async function retryLetters(client: Client, { ids }: { ids: readonly string[] }): Promise<Outcome> {
  const count = await countEach(client, 'mutation($id: ID!) { done: retryDeadLetter(id: $id) { count } }', asVariables(ids));
  return { text: `${count} tried again.`, json: { count }, isWell: count === ids.length };
}

export async function discardLetters(client: Client, { ids, reason }: { ids: readonly string[]; reason: string }): Promise<Outcome> {
  const mutation = 'mutation($id: ID!, $reason: String!) { done: discardDeadLetter(id: $id, reason: $reason) { count } }';
  const count = await countEach(client, mutation, asVariables(ids, { reason }));
  return { text: `${count} given up.`, json: { count }, isWell: count === ids.length };
}

const asVariables = (ids: readonly string[], more: object = {}): readonly Record<string, unknown>[] => ids.map((id) => ({ id, ...more }));

async function countEach(client: Client, mutation: string, variables: readonly Record<string, unknown>[]): Promise<number> {
  let count = 0;
  for (const one of variables) count += (await client.run<{ done: { count: number } }>(mutation, one)).done.count;
  return count;
}

import { decodeSyncToken, encodeSyncToken, type StaleRead, type SyncAnswer } from '@loomgraph/core';
import { buildSchema, execute, parse } from 'graphql';
import { aroundMutations } from './around-mutations.js';
import { createRequestSync, type SubgraphSync } from './sync-request.js';

const token = encodeSyncToken(new Map([['notes', [3, 4]]]));
const search = { notes: ['vectors'] };
const graph = { notes: ['graph'] };

function requestSync(sync: Omit<SubgraphSync, 'report'>, stale?: StaleRead) {
  const reported: SyncAnswer[] = [];
  const waits: number[] = [];
  const waiter = {
    waitFor: (_token: string, _projections: object, { timeoutMs }: { timeoutMs: number }) => {
      waits.push(timeoutMs);
      return Promise.resolve(stale);
    },
  };
  const report = (answer: SyncAnswer): void => void reported.push(answer);
  return { reported, waits, sync: createRequestSync('notes', { ...sync, report }, waiter) };
}

describe('createRequestSync', () => {
  it('is nothing where the request says nothing, and waits for nothing without a token', () => {
    expect(createRequestSync('notes', undefined, undefined)).toBeUndefined();
    expect(requestSync({}).sync?.caughtUp(search)).toBeUndefined();
  });

  it('waits once per kind of read, all within one time', async () => {
    const { sync, waits } = requestSync({ token, waitMs: 500 });
    await Promise.all([sync?.caughtUp(search), sync?.caughtUp(search), sync?.caughtUp(graph)]);
    await sync?.caughtUp(search);
    expect(waits).toHaveLength(2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(500);
  });

  it('reports what is stale, or fails', async () => {
    const stale: StaleRead = { reason: 'dead-letter', projections: ['notes/vectors'], lagSeconds: 1 };
    const patient = requestSync({ token }, stale);
    await patient.sync?.caughtUp(search);
    expect(patient.reported).toEqual([{ stale: true, ...stale }]);
    const strict = requestSync({ token, onTimeout: 'FAIL' }, stale);
    await expect(strict.sync?.caughtUp(search)).rejects.toMatchObject({ code: 'SYNC_STALE', details: stale });
    expect(strict.reported).toEqual([]);
  });

  it('tells of writes with a token of its subgraph', () => {
    const { sync, reported } = requestSync({});
    sync?.wrote([7, 9]);
    expect([...decodeSyncToken(reported[0]?.token ?? '')]).toEqual([['notes', [7, 9]]]);
  });
});

describe('aroundMutations', () => {
  it('runs around mutations, and around nothing else', async () => {
    const schema = buildSchema('type Query { a: Int } type Mutation { b: Int c: Int }');
    schema.getMutationType()!.getFields()['b']!.resolve = () => 2;
    const around: unknown[] = [];
    aroundMutations<string>(schema, (context, resolve, name) => {
      around.push(`${context} ${name}`);
      return resolve();
    });
    const run = (query: string) => execute({ schema, document: parse(query), rootValue: { a: 1, c: 3 }, contextValue: 'context' });
    expect(await run('mutation { b c }')).toEqual({ data: { b: 2, c: 3 } });
    expect(around).toEqual(['context b', 'context c']);
    expect(await run('{ a }')).toEqual({ data: { a: 1 } });
    expect(around).toHaveLength(2);
  });
});

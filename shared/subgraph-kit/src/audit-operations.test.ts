import { createAuthorizer, createBuiltInAuthorizer, builtInPolicy, type AuditEntry, type Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { buildSchema, graphql } from 'graphql';
import { setImmediate } from 'node:timers/promises';
import { auditOperations, type AuditOperationsOptions } from './audit-operations.js';

const identity = (fields: Partial<Identity>): Identity => ({
  userId: 'u1',
  roles: [],
  scopes: [],
  issuedAt: new Date(0),
  expiresAt: new Date(1),
  ...fields,
});

const builtIn = createBuiltInAuthorizer();
const NONE = { authorizer: undefined };

async function run(
  source: string,
  caller: Identity | null,
  { authorizer }: Pick<AuditOperationsOptions, 'authorizer'> = { authorizer: builtIn },
): Promise<readonly AuditEntry[]> {
  const schema = buildSchema(`
    input ThingInput { thingId: ID!, name: String }
    type Query { secret: String, open: String }
    type Mutation { change(id: ID!, input: ThingInput): String, fail: String, later: String }
  `);
  const entries: AuditEntry[] = [];
  auditOperations(schema, {
    sink: { record: (entry) => entries.push(entry) },
    authorizer,
    subgraph: 'things',
    clock: { now: () => new Date(5) },
  });
  const rootValue = {
    secret: () => {
      throw new LoomError('FORBIDDEN', 'no');
    },
    open: () => 'yes',
    change: () => 'done',
    fail: async () => {
      throw new LoomError('CONFLICT', 'no');
    },
    later: async () => {
      throw new LoomError('UNAUTHENTICATED', 'no');
    },
  };
  await graphql({ schema, source, rootValue, contextValue: { identity: caller, requestId: 'r1', clientAddress: '203.0.113.7' } });
  // Whether it is written down is found out beside the answer.
  await setImmediate();
  return entries;
}

const CHANGE = 'mutation { change(id: "7", input: { thingId: "8", name: "Ann <ann@example.org>" }) }';

describe('auditOperations', () => {
  // The first question has an engine made.
  beforeAll(() => builtIn.check(identity({}), 'read', { type: 'thing' }));

  it('writes down what an administrator or an API key changes, by ids alone', async () => {
    expect(await run(CHANGE, identity({ roles: ['admin'] }))).toEqual([
      {
        actor: { userId: 'u1', address: '203.0.113.0/24' },
        action: 'mutation.change',
        resource: { type: 'Mutation', id: 'change' },
        outcome: 'allowed',
        occurredAt: new Date(5),
        requestId: 'r1',
        details: { subgraph: 'things', id: '7', thingId: '8' },
      },
    ]);
    expect(await run(CHANGE, identity({ apiKeyId: 'k1' }))).toMatchObject([{ actor: { apiKeyId: 'k1' } }]);
    expect(await run(CHANGE, identity({}))).toEqual([]);
    expect(await run(CHANGE, null)).toEqual([]);
  });

  // It went by the role a token names: of administrators made since, or of other issuers, nothing was written down.
  it('asks the policy who an administrator is, not the token', async () => {
    const facts = (userId: string) => ({ roles: userId === 'boss' ? [{ role: 'admin', companyId: null }] : [], groups: [], grants: [] });
    await using authorizer = createAuthorizer({ source: { ...builtInPolicy, factsOf: async (userId) => facts(userId) } });
    await authorizer.start();
    expect(await run(CHANGE, identity({ userId: 'boss', sessionId: 's1' }), { authorizer })).toMatchObject([{ actor: { userId: 'boss' } }]);
    expect(await run(CHANGE, identity({ roles: ['admin'], sessionId: 's1' }), { authorizer })).toEqual([]);
    expect(await run(CHANGE, identity({}), { authorizer: { check: () => Promise.reject(new Error('away')) } })).toHaveLength(1);
  });

  it('leaves what administrators do to use cases that write it themselves', async () => {
    expect(await run(CHANGE, identity({ roles: ['admin'] }), NONE)).toEqual([]);
    expect(await run(CHANGE, identity({ apiKeyId: 'k1' }), NONE)).toEqual([]);
  });

  it('writes down what is denied, at once or later, to whomever', async () => {
    expect(await run('{ secret open }', identity({}))).toMatchObject([{ action: 'query.secret', outcome: 'denied', reason: 'FORBIDDEN' }]);
    expect(await run('mutation { later }', null, NONE)).toMatchObject([
      { actor: { address: '203.0.113.0/24' }, action: 'mutation.later', outcome: 'denied', reason: 'UNAUTHENTICATED' },
    ]);
  });

  it('leaves reads and other failures alone', async () => {
    expect(await run('{ open }', identity({ roles: ['admin'] }))).toEqual([]);
    expect(await run('mutation { fail }', identity({ roles: ['admin'] }))).toEqual([]);
  });
});

import type { Identity } from '@loomgraph/auth';
import { callerWith, guardedSubgraphs, rolePolicies } from './support/guarded-subgraphs.js';
import { startEngine, type EngineRun } from './support/engine-run.js';
import { recordFetches } from './support/record-fetches.js';

const CODE = 'UNAUTHORIZED_FIELD_OR_TYPE';
const refusal = (...path: string[]) =>
  expect.objectContaining({ message: 'Unauthorized field or type', path, extensions: expect.objectContaining({ code: CODE }) });

describe('protected fields', () => {
  let run: EngineRun;
  const calls: string[] = [];
  const fetches = recordFetches();
  beforeAll(async () => {
    run = await startEngine(guardedSubgraphs(calls), {}, { policies: rolePolicies, trace: fetches.trace });
  });
  afterAll(() => run[Symbol.asyncDispose]());
  beforeEach(() => {
    calls.length = 0;
    fetches.sent.length = 0;
  });
  const ask = (query: string, identity: Identity | null = null, variables = {}) => run.run(query, { caller: { identity }, variables });
  const sent = (): string => fetches.sent.map(({ text }) => text).join('\n');

  it('are answered with null and an error for each place, and nothing is fetched for them', async () => {
    expect(await ask('{ me { name mail: email friends { id email } } report { title } }')).toEqual({
      data: {
        me: {
          name: 'name u1',
          mail: null,
          friends: [
            { id: 'u2', email: null },
            { id: 'u3', email: null },
          ],
        },
        report: null,
      },
      errors: [refusal('me', 'mail'), refusal('me', 'friends', '@', 'email'), refusal('report')],
    });
    expect(sent()).not.toMatch(/email|report/);
    expect(await ask('{ me { mail: email } report { title } }', callerWith({ scopes: ['report'] }))).toEqual({
      data: { me: { mail: 'u1@example.com' }, report: { title: 'All is well' } },
    });
  });

  it('cost no fetch at all where nothing else is asked', async () => {
    expect(await ask('{ report { title } level }')).toEqual({
      data: { report: null, level: null },
      errors: [refusal('report'), refusal('level')],
    });
    expect(await ask('{ __typename report { title } }')).toMatchObject({ data: { __typename: 'Query', report: null } });
    expect(fetches.sent).toEqual([]);
  });

  it('leave an object of which nothing else was asked', async () => {
    expect(await ask('{ users { email } me { manager { email } } }')).toMatchObject({
      data: { users: [{ email: null }, { email: null }, { email: null }], me: { manager: { email: null } } },
    });
  });

  it('take what may not be null with them, as far as nulls go', async () => {
    expect(await ask('{ me { name salary } strict { open } }')).toEqual({
      data: { me: null, strict: { open: 'open' } },
      errors: [refusal('me', 'salary')],
    });
    expect(await ask('{ users { id salary } }')).toEqual({ data: null, errors: [refusal('users', '@', 'salary')] });
    expect(await ask('{ grid { id salary } }')).toEqual({
      data: { grid: [[null, null], [null]] },
      errors: [refusal('grid', '@', '@', 'salary')],
    });
    expect(sent()).not.toContain('salary');
  });

  it('need all scopes of one set', async () => {
    const query = '{ me { salary bonus } }';
    for (const scopes of [[], ['hr'], ['pay'], ['ADMIN'], ['hr pay'], ['admin:read']]) {
      expect(await ask(query, callerWith({ scopes }))).toMatchObject({ data: { me: null } });
    }
    for (const scopes of [['admin'], ['pay', 'hr'], ['x', 'admin', 'hr']]) {
      expect(await ask(query, callerWith({ scopes }))).toEqual({ data: { me: { salary: 101, bonus: 10 } } });
    }
  });

  it('need a policy to be met, which somebody else decides; one that cannot be decided refuses the operation', async () => {
    const query = '{ me { name badge { number } } }';
    expect(await ask(query, callerWith({ roles: ['boss'] }))).toEqual({ data: { me: { name: 'name u1', badge: { number: 1 } } } });
    expect(await ask(query, callerWith({ roles: ['clerk'] }))).toEqual({
      data: { me: { name: 'name u1', badge: null } },
      errors: [refusal('me', 'badge')],
    });
    await using undecided = await startEngine(
      guardedSubgraphs(),
      {},
      { policies: { decide: () => Promise.reject(new Error('The policy store is away.')) } },
    );
    expect(await undecided.run(query)).toEqual({
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) })],
    });
    await using none = await startEngine(guardedSubgraphs());
    expect(await none.run(query, { caller: { identity: callerWith({ roles: ['boss'] }) } })).toMatchObject({
      data: { me: { badge: null } },
    });
  });

  it('may be of a type, of an enum, or of one of the types a value may have', async () => {
    expect(await ask('{ level }', callerWith())).toEqual({ data: { level: null }, errors: [refusal('level')] });
    expect(await ask('{ level }', callerWith({ scopes: ['level'] }))).toEqual({ data: { level: 'HIGH' } });
    expect(await ask('{ strict { open things { __typename size } } }')).toEqual({
      data: { strict: { open: 'open', things: null } },
      errors: [refusal('strict', 'things')],
    });
    expect(await ask('{ strict { things { size } } }', callerWith())).toEqual({ data: { strict: { things: [{ size: 9 }, { size: 1 }] } } });
  });

  it('of a union are cut type by type', async () => {
    const query = '{ results { __typename ... on User { id email } ... on Bot { id } ... on Vault { code } } }';
    expect(await ask(query)).toEqual({
      data: {
        results: [
          { __typename: 'User', id: 'u2', email: null },
          { __typename: 'Bot', id: 'b1' },
          { __typename: 'Vault', code: null },
          null,
        ],
      },
      errors: [refusal('results', '@', 'email'), refusal('results', '@', 'code')],
    });
    expect(sent()).not.toMatch(/code|email/);
  });

  it('of an interface need what all types need that the object may be of', async () => {
    expect(await ask('{ nodes { id note } }')).toMatchObject({
      data: { nodes: [{ note: null }, { note: null }, { note: null }, { note: null }] },
    });
    expect(sent()).not.toContain('note');
    const narrowed = '{ nodes { id ... on User { note ... on Node { copy: note } } } }';
    expect(await ask(narrowed)).toEqual({
      data: {
        nodes: [{ id: 'u1', note: 'note u1', copy: 'note u1' }, { id: 'b1' }, { id: 'u3', note: 'note u3', copy: 'note u3' }, { id: 'b2' }],
      },
    });
  });

  it('are answered at the places that may have them, where several places make one field', async () => {
    expect(await ask('{ nodes { id note ... on User { note } } }')).toEqual({
      data: {
        nodes: [
          { id: 'u1', note: 'note u1' },
          { id: 'b1', note: null },
          { id: 'u3', note: 'note u3' },
          { id: 'b2', note: null },
        ],
      },
      errors: [refusal('nodes', '@', 'note')],
    });
    const conditional = 'query ($yes: Boolean!) { nodes { id note ... on User @include(if: $yes) { note } } }';
    expect(await ask(conditional, null, { yes: false })).toMatchObject({
      data: { nodes: [{ note: null }, { note: null }, { note: null }, { note: null }] },
    });
    expect(await ask(conditional, null, { yes: true })).toMatchObject({
      data: { nodes: [{ note: 'note u1' }, { note: null }, { note: 'note u3' }, { note: null }] },
    });
  });

  it('are found in named fragments, and differently where one is used at several places', async () => {
    const query = '{ nodes { ...N } me { ...N } } fragment N on Node { id note }';
    expect(await ask(query)).toEqual({
      data: {
        nodes: ['u1', 'b1', 'u3', 'b2'].map((id) => ({ id, note: null })),
        me: { id: 'u1', note: 'note u1' },
      },
      errors: [refusal('nodes', '@', 'note')],
    });
  });

  it('of an interface object are protected on every type', async () => {
    const query = '{ nodes { id trace } me { trace tags } }';
    expect(await ask(query)).toMatchObject({
      data: { nodes: [{ trace: null }, { trace: null }, { trace: null }, { trace: null }], me: { trace: null, tags: ['a', 'u1'] } },
    });
    expect(sent()).not.toContain('trace');
    expect(await ask('{ me { trace } }', callerWith({ scopes: ['trace'] }))).toEqual({ data: { me: { trace: 'trace u1' } } });
  });

  it('under @skip and @include are errors only where they are asked for', async () => {
    const query = 'query ($a: Boolean!, $b: Boolean!) { me { id email @include(if: $a) ... @skip(if: $b) { badge { number } } } }';
    expect(await ask(query, null, { a: false, b: true })).toEqual({ data: { me: { id: 'u1' } } });
    expect(await ask(query, null, { a: true, b: true })).toEqual({
      data: { me: { id: 'u1', email: null } },
      errors: [refusal('me', 'email')],
    });
    expect(await ask('{ me { id email @skip(if: true) } }')).toEqual({ data: { me: { id: 'u1' } } });
    expect(sent()).not.toMatch(/email|badge/);
  });

  it('of a mutation are not executed; the others are', async () => {
    expect(await ask('mutation { ping rename(name: "x") { id } }')).toEqual({
      data: { ping: 'pong', rename: null },
      errors: [refusal('rename')],
    });
    expect(calls).toEqual(['ping']);
    await ask('mutation { rename(name: "x") { id } }', callerWith());
    expect(calls).toEqual(['ping', 'rename']);
  });

  it('are apart for callers who differ in what they meet, and kept for those who do not', async () => {
    const query = '{ me { email salary } }';
    const admin = callerWith({ scopes: ['admin'] });
    expect(await ask(query, admin)).toEqual({ data: { me: { email: 'u1@example.com', salary: 101 } } });
    expect(await ask(query)).toMatchObject({ data: { me: null } });
    expect(await ask(query, callerWith())).toEqual({ data: { me: null }, errors: [refusal('me', 'salary')] });
    expect(await ask(query, { ...admin, userId: 'another' })).toEqual({ data: { me: { email: 'u1@example.com', salary: 101 } } });
  });

  it('do not touch introspection', async () => {
    expect(await ask('{ __schema { queryType { name } } __type(name: "Vault") { fields { name } } report { title } }')).toMatchObject({
      data: {
        __schema: { queryType: { name: 'Query' } },
        __type: { fields: expect.arrayContaining([{ name: 'size' }, { name: 'code' }]) },
        report: null,
      },
    });
  });

  it('in a deferred fragment are cut as well', async () => {
    const answer = await run.answer('{ me { id ... @defer { name email } } }', { caller: { identity: null }, acceptsIncremental: true });
    const text = answer.kind === 'executed' ? answer.body : '';
    expect(JSON.parse(text)).toEqual({ data: { me: { id: 'u1', name: 'name u1', email: null } }, errors: [refusal('me', 'email')] });
    const whole = await run.answer('{ me { id ... @defer { name email } } }', {
      caller: { identity: callerWith() },
      acceptsIncremental: true,
    });
    expect(whole.kind).toBe('incremental');
  });
});

describe('operations with protected fields', () => {
  it('are refused whole where the setting says so, with every place named', async () => {
    await using run = await startEngine(guardedSubgraphs(), { unauthorized: 'refuse' });
    const query = 'query ($a: Boolean = false) { me { name email @include(if: $a) } }';
    expect(await run.run(query)).toEqual({ data: { me: { name: 'name u1' } } });
    const refused = await run.answer('{ me { name email } report { title } }');
    expect(refused).toMatchObject({ kind: 'refused', status: 401, errors: [refusal('me', 'email'), refusal('report')] });
    expect(await run.answer('{ report { title } }', { caller: { identity: callerWith() } })).toMatchObject({
      kind: 'refused',
      status: 403,
    });
  });
});

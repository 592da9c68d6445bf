import { setImmediate } from 'node:timers/promises';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { startEngine } from './support/engine-run.js';
import { createProducts, createReviews, sdlSubgraph } from './support/sample-subgraphs.js';

const USERS = [
  { id: '1', name: 'Ann' },
  { id: '2', name: 'Bo' },
];

function createUsers(): Subgraph {
  return sdlSubgraph(
    'users',
    'type User @key(fields: "id") { id: ID! name: String! } type Query { users: [User!]! me: User root: Query! }',
    {
      Query: { users: () => USERS, me: () => USERS[0], root: () => ({}) },
      User: { __resolveReference: ({ id }: { id: string }) => USERS.find((user) => user.id === id) ?? null },
    },
  );
}

/** Posts whose authors repeat: the same entity at many places. */
function createPosts(resolvers: object = {}): Subgraph {
  return sdlSubgraph(
    'posts',
    `type User @key(fields: "id") { id: ID! karma: Int! badge: String mood(of: String): String }
     type Post { id: ID! author: User! }
     type Query { posts: [Post!]! }`,
    {
      Query: { posts: () => ['1', '2', '1', '1'].map((id, index) => ({ id: `p${index}`, author: { id } })) },
      User: {
        __resolveReference: (reference: object) => reference,
        karma: ({ id }: { id: string }) => Number(id) * 10,
        badge: ({ id }: { id: string }) => {
          if (id === '2') throw new Error('no badge');
          return `badge ${id}`;
        },
        mood: (_: unknown, { of }: { of: string }) => of,
        ...resolvers,
      },
    },
  );
}

describe('engine', () => {
  it('answers across subgraphs, with introspection in the same operation', async () => {
    await using gateway = await startEngine([createProducts(), createReviews()]);
    expect(await gateway.run('{ topProducts { id reviews { body } __typename } __schema { queryType { name } } }')).toEqual({
      data: {
        topProducts: [
          { id: 'p1', reviews: [{ body: 'Too red' }], __typename: 'Product' },
          { id: 'p2', reviews: [{ body: 'Sturdy' }], __typename: 'Product' },
        ],
        __schema: { queryType: { name: 'Query' } },
      },
    });
  });

  it('fetches an entity once however often it stands in the answer, and puts its error at every place', async () => {
    await using gateway = await startEngine([createUsers(), createPosts()]);
    const result = await gateway.run('{ posts { author { name badge } } }');
    expect(result.data).toEqual({
      posts: ['Ann', 'Bo', 'Ann', 'Ann'].map((name) => ({ author: { name, badge: name === 'Bo' ? null : 'badge 1' } })),
    });
    expect(result.errors).toMatchObject([{ message: 'no badge', path: ['posts', 1, 'author', 'badge'] }]);
    const users = await gateway.run('{ users { badge } again: users { badge karma } }');
    expect(users.errors?.map(({ path }) => path).toSorted()).toEqual([
      ['again', 1, 'badge'],
      ['users', 1, 'badge'],
    ]);
  });

  it('propagates an error in a non-null field of an entity, and leaves the rest', async () => {
    const failing = createPosts({
      karma: () => {
        throw new Error('no karma');
      },
    });
    await using gateway = await startEngine([createUsers(), failing]);
    expect(await gateway.run('{ me { name karma } posts { id } }')).toMatchObject({
      data: { me: null, posts: [{ id: 'p0' }, { id: 'p1' }, { id: 'p2' }, { id: 'p3' }] },
      errors: [{ message: 'no karma', path: ['me', 'karma'] }],
    });
  });

  it('re-enters the root type inside the answer', async () => {
    await using gateway = await startEngine([createUsers(), createPosts()]);
    expect(await gateway.run('{ root { root { posts { id } me { name } } } }')).toEqual({
      data: { root: { root: { posts: [{ id: 'p0' }, { id: 'p1' }, { id: 'p2' }, { id: 'p3' }], me: { name: 'Ann' } } } },
    });
  });

  it('keeps one response key with different arguments apart', async () => {
    await using gateway = await startEngine([createUsers(), createPosts()]);
    const query =
      'query ($representations: String) { me { a: mood(of: "x") id: name mood(of: $representations) } users { a: mood(of: "y") } }';
    expect(await gateway.run(query, { variables: { representations: 'z' } })).toEqual({
      data: { me: { a: 'x', id: 'Ann', mood: 'z' }, users: [{ a: 'y' }, { a: 'y' }] },
    });
  });

  it('plans with either planner to the same answer', async () => {
    const query = '{ posts { id author { name karma } } users { karma } }';
    const answers = [];
    for (const planner of ['hive', 'apollo'] as const) {
      await using gateway = await startEngine([createUsers(), createPosts()], { planner });
      answers.push(await gateway.run(query));
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.errors).toBeUndefined();
  });

  it.each([
    ['syntax', '{ me', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nobody }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a kind the schema does not have', 'mutation { x }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no such operation', 'query A { me { id } } query B { me { id } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['a variable of another type', 'query ($n: Int!) { me { mood(of: $n) } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too large an expansion',
      `{ ...F0 } ${Array.from({ length: 20 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F20 on Query { me { id } }`,
      'OPERATION_TOO_COMPLEX',
    ],
  ])('refuses %s', async (_name, query, code) => {
    await using gateway = await startEngine([createUsers(), createPosts()]);
    expect(await gateway.answer(query)).toMatchObject({ kind: 'refused', status: 400, report: { errorCodes: [code] } });
  });

  it('shares one execution among identical queries in flight, but not across callers or a mutation', async () => {
    const seen = { executions: 0 };
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const products = createProducts({
      onTopProducts: async () => {
        seen.executions += 1;
        await opened;
      },
    });
    await using gateway = await startEngine([products], { coalescing: true });
    const ask = (forwardedHeaders?: Record<string, string>) =>
      gateway.run('{ topProducts { id } }', forwardedHeaders === undefined ? {} : { caller: { forwardedHeaders } });
    const first = [ask(), ask(), ask({ 'x-tenant': 'a' })];
    while (seen.executions < 2) await setImmediate();
    await gateway.run('mutation { renameProduct(id: "p1", name: "Blue chair") { id } }');
    const later = ask();
    while (seen.executions < 3) await setImmediate();
    open();
    const answers = await Promise.all([...first, later]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(seen.executions).toBe(3);
  });

  it('takes up a changed subgraph while requests run on the earlier one', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const seen = { asked: false };
    const products = createProducts({
      onTopProducts: async () => {
        seen.asked = true;
        await opened;
      },
    });
    await using gateway = await startEngine([products, createUsers()]);
    const running = gateway.run('{ topProducts { name } }');
    while (!seen.asked) await setImmediate();
    const changed = sdlSubgraph('users', 'type User @key(fields: "id") { id: ID! nick: String } type Query { me: User }', {
      Query: { me: () => ({ id: '1', nick: 'annie' }) },
    });
    expect(await gateway.supergraph.replace({ kind: 'local', subgraph: changed })).toEqual({ kind: 'updated' });
    expect(await gateway.run('{ me { nick } }')).toEqual({ data: { me: { nick: 'annie' } } });
    open();
    expect(await running).toEqual({ data: { topProducts: [{ name: 'Red chair' }, { name: 'Oak table' }] } });
  });
});

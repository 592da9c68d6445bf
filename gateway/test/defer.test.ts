import { mergeParts, readPayloads, type Payload } from './support/merge-parts.js';
import { startEngine, type EngineRun } from './support/engine-run.js';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const PRODUCTS = `
  type Query { products: [Product!]! product: Product me: Me node: Node }
  type Mutation { buy(id: ID!): Receipt }
  interface Node { id: ID! }
  union Thing = Product | Me
  type Me { name: String info: Info thing: Thing }
  type Receipt { ok: Boolean! note: String product: Product }
  type Info { x: String y: String }
  type Size { value: Int unit: String }
  type Product implements Node @key(fields: "id") { id: ID! name: String sizes: [Size!] price: Int }`;
const REVIEWS = `
  type Query { other: String }
  type Product @key(fields: "id") { id: ID! price: Int @external shipping: Int @requires(fields: "price") reviews: [Review!]! strict: Int! broken: String }
  type Review @key(fields: "id") { id: ID! body: String author: User }
  type User @key(fields: "id") { id: ID! }`;
const USERS = 'type User @key(fields: "id") { id: ID! name: String }';

interface Gates {
  /** Awaited before reviews are answered. */
  readonly reviews?: () => Promise<void>;
  readonly users?: () => Promise<void>;
}

function createSubgraphs({ reviews, users }: Gates = {}) {
  const product = (id: string) => ({
    __typename: 'Product',
    id,
    name: `Product ${id}`,
    sizes: [
      { value: 1, unit: 'cm' },
      { value: 2, unit: 'in' },
    ],
    price: 3,
  });
  const review = (id: string) => ({ id, body: `Body ${id}`, author: { id: `u${id}` } });
  const me = { __typename: 'Me', name: 'Ada', info: { x: 'x', y: 'y' }, thing: product('3') };
  return [
    sdlSubgraph('products', PRODUCTS, {
      Query: { products: () => [product('1'), product('2')], product: () => product('1'), me: () => me, node: () => product('2') },
      Mutation: { buy: (_: unknown, { id }: { id: string }) => ({ ok: true, note: 'thanks', product: product(id) }) },
      Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
    }),
    sdlSubgraph('reviews', REVIEWS, {
      Query: { other: () => 'other' },
      Product: {
        shipping: ({ price }: { price: number }) => price * 2,
        reviews: async ({ id }: { id: string }) => {
          await reviews?.();
          return [review(id)];
        },
        strict: () => null,
        broken: () => {
          throw new Error('It broke.');
        },
      },
      Review: { __resolveReference: ({ id }: { id: string }) => review(id) },
    }),
    sdlSubgraph('users', USERS, {
      User: {
        __resolveReference: (user: object) => user,
        name: async ({ id }: { id: string }) => {
          await users?.();
          return `User ${id}`;
        },
      },
    }),
  ];
}

interface Asked {
  readonly payloads: readonly Payload[];
  /** The answer where it comes in one piece. */
  readonly whole:
    | { readonly data: unknown; readonly errors?: readonly { readonly path?: unknown; readonly message: string }[] }
    | undefined;
}

async function ask(
  run: EngineRun,
  query: string,
  { variables, inParts = true }: { variables?: Record<string, unknown> | undefined; inParts?: boolean } = {},
): Promise<Asked> {
  const answer = await run.engine.execute({
    query,
    variables,
    operationName: undefined,
    extensions: undefined,
    readOnly: false,
    acceptsIncremental: inParts,
    caller: { identity: null, requestId: 'r' },
  });
  if (answer.kind === 'refused') throw new Error(JSON.stringify(answer.errors));
  if (answer.kind === 'executed') return { payloads: [], whole: JSON.parse(answer.body) };
  if (answer.kind === 'live') throw new Error('A query was answered as a subscription.');
  return { payloads: await readPayloads(answer.parts), whole: undefined };
}

type Case = [title: string, query: string, variables?: Record<string, unknown>];

const cases: readonly Case[] = [
  ['fields of another subgraph', '{ product { id ... @defer { reviews { body } } } }'],
  ['fields of the same subgraph', '{ product { id ... @defer { name price } } }'],
  ['each object of a list', '{ products { id ... @defer { name shipping } } }'],
  ['one inside another', '{ products { id ... @defer { reviews { body ... @defer { author { name } } } } } }'],
  ['several with a field in common', '{ products { id ... @defer { shipping name } ... @defer { shipping price } } }'],
  ['values in a list that is there', '{ products { sizes { value } ... @defer { sizes { unit } } } }'],
  ['objects without a key', '{ me { name ... @defer { info { x } } } }'],
  ['the root', '{ product { id } ... @defer { product { name } other __typename } }'],
  ['nothing but deferred fields', '{ ... @defer { ... @defer { other } } }'],
  ['an interface', '{ node { id ... on Product @defer { name reviews { body } } } }'],
  ['an interface of which no type is asked for', '{ node { id ... @defer { __typename ... on Product { name } } } }'],
  ['a union', '{ me { thing { ... on Product @defer { name reviews { body } } ... on Me { name } } } }'],
  [
    'named fragments used twice',
    '{ product { ...F @defer(label: "a") } node { ...F @defer(label: "b") } } fragment F on Product { name ... @defer { shipping } }',
  ],
  ['what a mutation answers', 'mutation { buy(id: "2") { ok ... @defer { note product { name reviews { body } } } } }'],
  [
    'introspection beside it',
    '{ __typename __schema { queryType { name } } product { id ... @defer { name } } ... @defer { __type(name: "Me") { name } } }',
  ],
  [
    'conditions of all kinds',
    'query ($t: Boolean!, $f: Boolean!) { product { id @skip(if: $f) ... @include(if: $t) @defer { name @include(if: $f) price } } }',
    { t: true, f: false },
  ],
  [
    'what is skipped',
    'query ($t: Boolean!) { product @skip(if: $t) { id ... @defer { name reviews { author { name } } } } other }',
    { t: true },
  ],
  ['aliases that mean different fields', '{ product { a: name ... @defer { b: price name: id } } ... @defer { c: product { a: price } } }'],
  ['a field that fails', '{ product { id ... @defer { broken name } } }'],
];

/** Reads the parts of a multipart body as they come: each ends at the boundary that follows it. */
async function* readParts({ body }: Response): AsyncGenerator<Payload> {
  if (body === null) throw new Error('The response has no body.');
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const pieces = text.split('\r\n---');
    text = pieces.pop() ?? '';
    for (const piece of pieces) {
      const [, json] = piece.split('\r\n\r\n');
      if (json !== undefined) yield JSON.parse(json);
    }
  }
}

describe('@defer', () => {
  it.each(cases)('comes to the whole answer once all parts are put together: %s', async (...[, query, variables]: Case) => {
    await using run = await startEngine(createSubgraphs());
    const { whole } = await ask(run, query, { variables, inParts: false });
    const { payloads, whole: atOnce } = await ask(run, query, { variables });
    const { data, errors } = atOnce === undefined ? mergeParts(payloads) : { data: atOnce.data, errors: atOnce.errors ?? [] };
    expect(data).toEqual(whole?.data);
    expect(errors).toEqual(whole?.errors ?? []);
  });

  it('announces an object of the answer each, in the format of the working group', async () => {
    await using run = await startEngine(createSubgraphs());
    const { payloads } = await ask(run, '{ products { id ... @defer(label: "more") { sizes { unit } } sizes { value } } }');
    expect(payloads).toEqual([
      {
        data: { products: ['1', '2'].map((id) => ({ id, sizes: [{ value: 1 }, { value: 2 }] })) },
        pending: [0, 1].map((index) => ({ id: String(index), path: ['products', index], label: 'more' })),
        hasNext: true,
      },
      {
        incremental: [0, 1].flatMap((index) => [
          { id: String(index), subPath: ['sizes', 0], data: { unit: 'cm' } },
          { id: String(index), subPath: ['sizes', 1], data: { unit: 'in' } },
        ]),
        completed: [{ id: '0' }, { id: '1' }],
        hasNext: false,
      },
    ]);
  });

  it('announces a fragment inside another one with the part that brings its object', async () => {
    await using run = await startEngine(createSubgraphs());
    const { payloads } = await ask(
      run,
      '{ product { id ... @defer(label: "outer") { reviews { body ... @defer(label: "inner") { author { name } } } } } }',
    );
    expect(payloads.map(({ pending }) => pending)).toEqual([
      [{ id: '0', path: ['product'], label: 'outer' }],
      [{ id: '1', path: ['product', 'reviews', 0], label: 'inner' }],
      undefined,
    ]);
  });

  it('defers for this request or not, as a variable says', async () => {
    await using run = await startEngine(createSubgraphs());
    const query = 'query ($if: Boolean!) { product { id ... @defer(if: $if) { name } } }';
    expect((await ask(run, query, { variables: { if: false } })).whole).toEqual({ data: { product: { id: '1', name: 'Product 1' } } });
    expect((await ask(run, query, { variables: { if: true } })).payloads[0]).toMatchObject({
      data: { product: { id: '1' } },
      hasNext: true,
    });
    expect((await ask(run, query, { variables: { if: true }, inParts: false })).whole).toEqual({
      data: { product: { id: '1', name: 'Product 1' } },
    });
  });

  it('fails a fragment alone when a null that may not be comes up to it', async () => {
    await using run = await startEngine(createSubgraphs());
    const { payloads } = await ask(run, '{ product { id ... @defer(label: "bad") { strict name } ... @defer(label: "good") { name } } }');
    const { data, errors, failedPaths } = mergeParts(payloads);
    expect(data).toEqual({ product: { id: '1', name: 'Product 1' } });
    expect(failedPaths).toEqual([['product']]);
    expect(errors).toEqual([
      expect.objectContaining({ path: ['product', 'strict'], message: 'Cannot return null for non-nullable field Product.strict.' }),
    ]);
  });

  it('sends the first part while a subgraph has not answered, and each part when it is there', async () => {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const slow = async (): Promise<void> => {
      asked.resolve();
      await gate.promise;
    };
    const hosted = await Promise.all(createSubgraphs({ users: slow }).map((subgraph) => host('remote', subgraph)));
    await using stack = new AsyncDisposableStack();
    for (const one of hosted) stack.use(one);
    const gateway = stack.use(await startGateway(hosted.map(({ source }) => source)));
    const response = await gateway.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed, application/json' },
      body: JSON.stringify({ query: '{ product { id ... @defer { reviews { id ... @defer { author { name } } } } } }' }),
    });
    expect(response.headers.get('content-type')).toContain('multipart/mixed');
    const parts = readParts(response);
    expect((await parts.next()).value).toMatchObject({ data: { product: { id: '1' } }, hasNext: true });
    expect((await parts.next()).value).toMatchObject({ incremental: [{ data: { reviews: [{ id: '1' }] } }], hasNext: true });
    await asked.promise;
    gate.resolve();
    expect((await parts.next()).value).toMatchObject({ incremental: [{ data: { author: { name: 'User u1' } } }], hasNext: false });
    expect((await parts.next()).done).toBe(true);
  });

  it('fetches and sends nothing more once nobody reads', async () => {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    let names = 0;
    const subgraphs = createSubgraphs({
      reviews: async () => {
        asked.resolve();
        await gate.promise;
      },
      users: async () => void names++,
    });
    await using run = await startEngine(subgraphs);
    const answer = await run.answer('{ product { id ... @defer { reviews { body ... @defer { author { name } } } } } }', {
      acceptsIncremental: true,
    });
    if (answer.kind !== 'incremental') throw new Error('The answer comes in one piece.');
    const iterator = answer.parts[Symbol.asyncIterator]();
    await iterator.next();
    await asked.promise;
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    gate.resolve();
    // The same subgraphs answer another request after what was cancelled has run out.
    await ask(run, '{ product { reviews { body } } }');
    expect(names).toBe(0);
  });

  it('reports what all parts took when they have ended, and the errors of all', async () => {
    await using run = await startEngine(createSubgraphs());
    const answer = await run.answer('{ product { id ... @defer { broken reviews { body author { name } } } } }', {
      acceptsIncremental: true,
    });
    if (answer.kind !== 'incremental') throw new Error('The answer comes in one piece.');
    expect(answer.report).toMatchObject({ outcome: 'success', errorCodes: [], work: { cache: 'miss', isCoalesced: false } });
    expect(answer.report.work?.planMs).toBeGreaterThan(0);
    await readPayloads(answer.parts);
    expect(answer.report).toMatchObject({ outcome: 'partial', errorCodes: ['INTERNAL_SERVER_ERROR'], work: { fetches: 3 } });
    expect(answer.report.work?.fetchMs).toBe(answer.report.work?.fetchMs);
  });

  it.each([
    ['a label used twice', '{ me { ... @defer(label: "a") { name } ... @defer(label: "a") { info { x } } } }', 'is used twice'],
    ['a label of a variable', 'query ($l: String) { me { ... @defer(label: $l) { name } } }', 'not a variable'],
    ['the root of a mutation', 'mutation { ... @defer { buy(id: "1") { ok } } }', 'cannot be used on "Mutation"'],
    ['@stream', '{ products @stream { id } }', 'Unknown directive "@stream"'],
  ])('refuses %s', async (_case, query, message) => {
    await using run = await startEngine(createSubgraphs());
    const answer = await run.answer(query);
    expect(answer).toMatchObject({
      kind: 'refused',
      status: 400,
      errors: [{ message: expect.stringContaining(message), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });
});

import { createRandom } from '../../tools/harness/random.ts';
import { startEngine, type EngineRun } from './support/engine-run.js';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';

type Name = 'products' | 'stock' | 'reviews';

interface Product {
  name: string;
  /** Throws where it is negative. */
  stock: number;
  reviews: readonly string[];
}

interface Shop extends AsyncDisposable {
  /** Shares executions, and replays them. */
  readonly sharing: EngineRun;
  /** Over the same subgraphs, without. */
  readonly plain: EngineRun;
  readonly products: Map<string, Product>;
  /** Which subgraphs were asked, in that order. */
  readonly asked: Name[];
  /** A subgraph waits for this before it answers. */
  readonly until: Map<Name, Promise<void>>;
}

const QUERY = 'query ($first: Int) { products(first: $first) { id name stock reviews } }';

/** One remote subgraph lists products, two others are asked about them at the same time. */
async function openShop(): Promise<Shop> {
  await using opened = new AsyncDisposableStack();
  const products = new Map<string, Product>([
    ['p1', { name: 'Chair', stock: 1, reviews: ['Sturdy'] }],
    ['p2', { name: 'Table', stock: 2, reviews: [] }],
  ]);
  const asked: Name[] = [];
  const until = new Map<Name, Promise<void>>();
  const enter = async (name: Name): Promise<void> => {
    asked.push(name);
    await until.get(name);
  };
  const source = async (name: Name, sdl: string, resolvers: Record<string, object>) =>
    opened.use(await host('remote', sdlSubgraph(name, sdl, resolvers))).source;
  const field = (name: Name, read: (product: Product) => unknown): object => ({
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    [name]: async ({ id }: { id: string }) => {
      await enter(name);
      return read(products.get(id)!);
    },
  });
  const sources = [
    await source('products', 'type Query { products(first: Int): [Product!]! } type Product @key(fields: "id") { id: ID! name: String! }', {
      Query: {
        products: async (_: unknown, { first }: { first?: number }) => {
          await enter('products');
          return [...products].slice(0, first ?? undefined).map(([id, { name }]) => ({ id, name }));
        },
      },
    }),
    await source('stock', 'type Product @key(fields: "id") { id: ID! stock: Int }', {
      Product: field('stock', ({ stock }) => {
        if (stock < 0) throw new Error('unknown');
        return stock;
      }),
    }),
    await source('reviews', 'type Product @key(fields: "id") { id: ID! reviews: [String!] }', {
      Product: field('reviews', ({ reviews }) => reviews),
    }),
  ];
  const sharing = opened.use(await startEngine(sources, { coalescing: true }));
  const plain = opened.use(await startEngine(sources));
  const resources = opened.move();
  return { sharing, plain, products, asked, until, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Asks twice at once, so that both share one execution; answers the bytes they are sent. */
async function sharedBytes(run: EngineRun): Promise<Uint8Array> {
  const [one, other] = await Promise.all([run.answer(QUERY), run.answer(QUERY)]);
  if (one.kind !== 'executed' || other.kind !== 'executed') throw new Error('It was not executed.');
  expect(one.bytes).toBeDefined();
  expect(other.bytes).toBe(one.bytes);
  expect(one.bytes && Buffer.from(one.bytes).toString()).toBe(one.body);
  return one.bytes!;
}

describe('an execution whose fetches are answered as the last time', () => {
  it('sends all of them again, and makes nothing of their answers anew', async () => {
    await using shop = await openShop();
    await sharedBytes(shop.sharing);
    const recorded = await sharedBytes(shop.sharing);
    shop.asked.length = 0;
    expect(await sharedBytes(shop.sharing)).toBe(recorded);
    expect(shop.asked.toSorted()).toEqual(['products', 'reviews', 'reviews', 'stock', 'stock']);
  });

  it('is made anew from where one is answered otherwise, and what was sent is not sent again', async () => {
    await using shop = await openShop();
    const before = [await sharedBytes(shop.sharing), await sharedBytes(shop.sharing)];
    shop.products.get('p2')!.stock = 7;
    shop.asked.length = 0;
    const changed = await sharedBytes(shop.sharing);
    expect(before).not.toContain(changed);
    expect(Buffer.from(changed).toString()).toContain('"stock":7');
    expect(shop.asked.toSorted()).toEqual(['products', 'reviews', 'reviews', 'stock', 'stock']);
  });

  // The one that differs ends the replay while the other is under way: its answer must be waited for, whichever comes first.
  it.each<[late: Name, changed: Name]>([
    ['reviews', 'stock'],
    ['stock', 'stock'],
  ])('with %s late and %s changed', async (late, changed) => {
    await using shop = await openShop();
    for (let i = 0; i < 3; i++) await shop.sharing.run(QUERY);
    const product = shop.products.get('p1')!;
    if (changed === 'stock') product.stock = 9;
    const { promise, resolve } = Promise.withResolvers<void>();
    shop.until.set(late, promise);
    shop.asked.length = 0;
    const answer = shop.sharing.run(QUERY);
    while (shop.asked.length < 5) await new Promise((next) => void setImmediate(next));
    for (let i = 0; i < 20; i++) await new Promise((next) => void setImmediate(next));
    resolve();
    expect(await answer).toEqual(await shop.plain.run(QUERY));
  });

  it('is not that of another caller or of other variables', async () => {
    await using shop = await openShop();
    for (let i = 0; i < 3; i++) await shop.sharing.run(QUERY);
    const one = await shop.sharing.run(QUERY, { variables: { first: 1 } });
    expect(one).toEqual(await shop.plain.run(QUERY, { variables: { first: 1 } }));
    shop.asked.length = 0;
    const forwardedHeaders = { 'x-tenant': 'other' };
    expect(await shop.sharing.run(QUERY, { caller: { forwardedHeaders } })).toEqual(await shop.plain.run(QUERY));
    expect(shop.asked.slice(0, 5).toSorted()).toEqual(['products', 'reviews', 'reviews', 'stock', 'stock']);
  });

  it('gives, whatever changes and fails in between, what is given without', async () => {
    await using shop = await openShop();
    const random = createRandom('replay');
    for (let round = 0; round < 120; round++) {
      const ids = [...shop.products.keys()];
      const product = shop.products.get(random.pick(ids))!;
      const change = random.integer(0, 11);
      if (change === 0) product.name = `Name ${round}`;
      else if (change === 1) product.stock = random.integer(-1, 1);
      else if (change === 2) product.reviews = [`"${round}" \\ é`];
      else if (change === 3) shop.products.set(`p${round}`, { name: 'New', stock: random.integer(0, 1), reviews: [] });
      else if (change === 4 && ids.length > 1) shop.products.delete(random.pick(ids));
      const caller = { requestId: 'r-1' }; // which errors say
      expect(await shop.sharing.run(QUERY, { caller })).toEqual(await shop.plain.run(QUERY, { caller }));
    }
  });
});

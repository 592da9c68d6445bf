import { createRandom, type Random } from '../../tools/harness/random.ts';
import { createMakers, createMalls, createPrices, MALLS } from './support/context-subgraphs.js';
import { startEngine } from './support/engine-run.js';
import { mergeParts, readPayloads } from './support/merge-parts.js';

const OPERATIONS = 100;
/** The others are answered whole: a part would not wait for a value of another subgraph. */
const LEAST_IN_PARTS = 5;

type Mall = (typeof MALLS)[number];
type Shop = NonNullable<Mall['shops'][number]>;
interface Around {
  readonly mall: Mall;
  readonly shop: Shop;
}

/** An item where it stands. */
interface Found extends Around {
  readonly id: string;
}

/** Fields of an item, as they are without any gateway. */
const ITEM_FIELDS: readonly Field<Found>[] = [
  ['id', ({ id }) => id],
  ['label', ({ id }) => `label of ${id}`],
  ['price', ({ id, shop }) => `${id} in ${shop.currency}`],
  ['spot', ({ id, shop, mall }) => `${id} in ${shop.currency} on ${mall.level} x1`],
  ['spot(times: 2)', ({ id, shop, mall }) => `${id} in ${shop.currency} on ${mall.level} x2`],
  ['region', ({ id, shop }) => `${id} from ${shop.owner?.region?.code ?? null}`],
  ['placed', ({ id }) => `${id} in Peru`],
  ['themed', ({ id }) => `${id} at the sea`],
  ['maker { id }', () => ({ id: 'k1' })],
  ['maker { fee }', ({ shop }) => ({ fee: `k1 takes ${shop.currency}` })],
];
const SHOP_FIELDS: readonly Field<Around>[] = [
  ['id', ({ shop }) => shop.id],
  ['currency', ({ shop }) => shop.currency],
  ['currency(style: "long")', ({ shop }) => `long ${shop.currency}`],
  ['owner { name }', ({ shop }) => shop.owner && { name: shop.owner.name }],
];
const MALL_FIELDS: readonly Field<Mall>[] = [
  ['id', ({ id }) => id],
  ['level', ({ level }) => level],
  ['theme', () => 'sea'],
  ['country', () => 'Peru'],
];
const ALIASES = ['a', 'b', 'c', 'id', 'currency', 'level', 'theme', 'price', 'label'];

type Field<Value> = readonly [selection: string, answer: (value: Value) => unknown];

interface Selected<Value> {
  readonly text: string;
  readonly answer: (value: Value) => Record<string, unknown>;
}

/** Some of the fields, each under a key of its own. */
function some<Value>(random: Random, fields: readonly Field<Value>[]): Selected<Value> {
  const keys = new Set<string>();
  const chosen = fields.flatMap(([selection, answer]) => {
    const name = /^\w+/.exec(selection)?.[0] ?? '';
    const key = random.next() < 0.3 ? random.pick(ALIASES) : name;
    if (random.next() < 0.5 || keys.has(key)) return [];
    keys.add(key);
    return [{ key, text: key === name ? selection : `${key}: ${selection}`, answer }];
  });
  const [[selection, answer]] = fields as [Field<Value>]; // never none
  const all = chosen.length > 0 ? chosen : [{ key: 'only', text: `only: ${selection}`, answer }];
  return {
    text: all.map(({ text }) => text).join(' '),
    answer: (value) => Object.fromEntries(all.map(({ key, answer }) => [key, answer(value)])),
  };
}

/** What is selected of a shop. */
function someOfShop(random: Random): Selected<Around> {
  const [items, matrix, best] = [some(random, ITEM_FIELDS), some(random, ITEM_FIELDS), some(random, ITEM_FIELDS)];
  return some(random, [
    ...SHOP_FIELDS,
    [`items { ${items.text} }`, (around) => around.shop.items.map(({ id }) => items.answer({ ...around, id }))],
    [
      `matrix { ${matrix.text} }`,
      (around) => around.shop.matrix?.map((row) => row.map((item) => item && matrix.answer({ ...around, id: item.id }))) ?? null,
    ],
    [
      `shelf { best { ${best.text} } }`,
      (around) => around.shop.shelf && { best: best.answer({ ...around, id: around.shop.shelf.best.id }) },
    ],
  ]);
}

/** A random operation, the same with deferred parts, and its answer. */
function generate(random: Random): { readonly query: string; readonly deferred: string; readonly data: unknown } {
  const [mall, shops, anchor] = [some(random, MALL_FIELDS), someOfShop(random), someOfShop(random)];
  const write = (directive: string): string =>
    `{ malls { ${mall.text} x: shops { ...${directive} { ${shops.text} } } y: anchor { ...${directive} { ${anchor.text} } } } }`;
  return {
    query: write(''),
    deferred: write(' @defer'),
    data: {
      malls: MALLS.map((one) => ({
        ...mall.answer(one),
        x: one.shops.map((shop) => shop && shops.answer({ mall: one, shop })),
        y: one.anchor && anchor.answer({ mall: one, shop: one.anchor }),
      })),
    },
  };
}

describe('random operations with @fromContext', () => {
  it('come to what each field answers for the objects above it, in one piece and in parts', async () => {
    await using run = await startEngine([createMalls(), createPrices(), createMakers()]);
    let inParts = 0;
    for (let index = 0; index < OPERATIONS; index++) {
      const { query, deferred, data } = generate(createRandom(`context/${index}`));
      expect({ query, ...(await run.run(query)) }).toEqual({ query, data });
      const answer = await run.answer(deferred, { acceptsIncremental: true });
      if (answer.kind !== 'incremental') continue;
      inParts += 1;
      const merged = mergeParts(await readPayloads(answer.parts));
      expect({ deferred, data: merged.data, errors: merged.errors }).toEqual({ deferred, data, errors: [] });
    }
    expect(inParts).toBeGreaterThan(LEAST_IN_PARTS);
  }, 120_000);
});

import type { Random } from '../../../harness/random.ts';

const ids = (prefix: string, count: number): readonly string[] => Array.from({ length: count + 1 }, (_, index) => `${prefix}${index}`); // the last is unknown
const products = ids('p', 10);
const users = ids('u', 8);
const media = ids('m', 10);

/** Ids worth asking for, by field and argument or by input field. */
const idPools: Readonly<Record<string, readonly string[]>> = {
  'Query.user.id': users,
  'Query.owner.id': [...users, ...ids('c', 3)],
  'Query.nodes.ids': [...products, ...users, ...ids('c', 3), 'r1'],
  'Query.sellable.id': [...products, ...ids('d', 3)],
  'Query.catalogItem.id': [...products, ...ids('d', 3), ...ids('b', 3)],
  'Query.review.id': ids('r', 12),
  'Query.media.id': media,
  'Query.work.id': media,
  'Query.song.id': ['m7', 'm8', 'm9', 'm1'],
  'Query.warehouse.id': ids('w', 3),
  'Query.order.id': ids('o', 6),
  'Mutation.renameUser.id': users,
  'SubjectInput.userId': users,
};

const strings: Readonly<Record<string, readonly string[]>> = {
  email: users.map((id) => `${id}@example.com`),
  vendor: ['acme', 'bolt', 'nobody'],
  text: ['product', '1', 'nothing', 'a "quoted" \\ text\n'],
  zip: ['1000', '0', '20000', ''],
  label: ['forbidden', 'fine', 'd\u00e9j\u00e0 \u{1F600}'],
  tags: ['new', 'red'],
  name: ['Ada', ''],
};

/** How many of a list, mostly several. */
const COUNTS = [0, 1, 2, 2, 2, 3, 3];

const integers: Readonly<Record<string, readonly [number, number]>> = {
  offset: [-1, 4],
  code: [100, 110],
  stars: [0, 6],
  minStars: [0, 5],
  quantity: [1, 4],
  maxLength: [-1, 20],
  number: [7_000, 7_003],
};

/**
 * Mutations whose effect other subgraphs' fields show. Subsequent root fields of one subgraph go out in one fetch, before the entity
 * fetches of the first: two of a group could see each other's effects, which the specification of federation leaves open.
 */
export const exclusiveMutations = [['renameUser'], ['setPrice', 'relabel']] as const;

/** A value of a scalar for the argument or input field at `coordinate` (`Query.user.id`): mostly one that finds something. */
export function leafValue(random: Random, scalar: string, coordinate: string): unknown {
  const name = coordinate.slice(coordinate.lastIndexOf('.') + 1);
  switch (scalar) {
    case 'ID':
      return random.pick(idPools[coordinate] ?? products);
    case 'String':
      return random.pick(strings[name] ?? ['x']);
    case 'Int':
      return name === 'first' ? random.pick(COUNTS) : random.integer(...(integers[name] ?? [0, 3]));
    case 'Float':
      return random.pick([0, 12.5, 30, -1, 18]);
    case 'Boolean':
      return random.next() < 0.5;
    case 'DateTime':
      return random.pick(['2012-03-04T05:06:07.000Z', '2024-01-01T00:00:00.000Z']);
    default:
      return jsonValue(random, 2) ?? 'null may not be everywhere';
  }
}

/**
 * Keys are GraphQL names, so that the value can be written as a literal, too, and sorted: the fields of a literal have no order
 * (specification §2.9.8), and planners sort them.
 */
function jsonValue(random: Random, depth: number): unknown {
  const kind = random.integer(0, depth > 0 ? 6 : 4);
  if (kind === 5) return Array.from({ length: random.integer(0, 3) }, () => jsonValue(random, depth - 1));
  if (kind === 6)
    return Object.fromEntries(['__typename', 'a', 'z'].slice(0, random.integer(0, 3)).map((key) => [key, jsonValue(random, depth - 1)]));
  return [null, true, 7, -1.5, 'text "quoted"'][kind];
}

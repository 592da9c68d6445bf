import { createRandom, type Random } from '../../../tools/harness/random.ts';
import type { Operation } from '../graph/operation.ts';

interface Shape {
  readonly leaves: readonly string[];
  readonly objects: readonly (readonly [field: string, type: string])[];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  User: { leaves: ['id', 'name', 'username', 'birthday'], objects: [['reviews(first: 2)', 'Review']] },
  Product: {
    leaves: ['upc', 'name', 'price', 'weight', 'category', 'tags', 'inStock', 'warehouse', 'shippingEstimate'],
    objects: [
      ['reviews(first: 2)', 'Review'],
      ['box', 'Box'],
    ],
  },
  Review: {
    leaves: ['id', 'body', 'rating'],
    objects: [
      ['author', 'User'],
      ['product', 'Product'],
    ],
  },
  Box: { leaves: ['height', 'width'], objects: [] },
};

const ROOTS: readonly (readonly [field: string, type: string])[] = [
  ['me', 'User'],
  ['user(id: "7")', 'User'],
  ['users(first: 3)', 'User'],
  ['product(upc: "p1")', 'Product'],
  ['topProducts(first: 3)', 'Product'],
  ['products(first: 3, offset: 40)', 'Product'],
  ['review(id: "1")', 'Review'],
  ['latestReviews(first: 3)', 'Review'],
];
const MAX_DEPTH = 4;

/**
 * An operation that no other index has: another structure, and a response key that holds the index, so that no normal form makes two the
 * same. Its answer is small: what it costs is parsing, validating, planning and compiling.
 */
export function coldOperation(seed: number, index: number): Operation {
  const random = createRandom(`${seed}/cold/${index}`);
  const [field, type] = random.pick(ROOTS);
  const roots = [`cold${index}: ${field} ${selection(type, 1, random)}`];
  if (random.next() < 0.4) {
    const [second, secondType] = random.pick(ROOTS);
    roots.push(`other: ${second} ${selection(secondType, 2, random)}`);
  }
  return { query: `query Cold${index} { ${roots.join(' ')} }` };
}

function selection(type: string, depth: number, random: Random): string {
  const shape = SHAPES[type];
  if (!shape) throw new Error(`There is no shape of ${type}.`);
  const parts = shape.leaves.filter(() => random.next() < 0.5).map((leaf) => (random.next() < 0.2 ? `${leaf}_${depth}: ${leaf}` : leaf));
  if (depth < MAX_DEPTH) {
    for (const [field, of] of shape.objects) if (random.next() < 0.7) parts.push(`${field} ${selection(of, depth + 1, random)}`);
  }
  return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
}

import { createRandom, type Random } from '../../../tools/harness/random.ts';
import type { Operation } from '../graph/operation.ts';

type Template = (random: Random) => Operation;

const REQUESTS = 2_000;

const upc = (random: Random): string => `p${random.integer(1, 1_000)}`;
const userId = (random: Random): string => String(random.integer(1, 100));

/** What an application asks: ten operations, small and medium, each with variables of its own. */
const TEMPLATES: readonly Template[] = [
  (random) => ({
    query: `query ProductPage($upc: String!, $reviews: Int!) {
      product(upc: $upc) { upc name price category tags inStock shippingEstimate box { height width }
        reviews(first: $reviews) { id rating body author { id name } } }
    }`,
    variables: { upc: upc(random), reviews: random.integer(1, 5) },
  }),
  (random) => ({
    query: `query Profile($id: ID!) { user(id: $id) { id name username birthday reviews { id rating product { upc name } } } }`,
    variables: { id: userId(random) },
  }),
  (random) => ({
    query: `query Top($first: Int!, $withReviews: Boolean!) {
      topProducts(first: $first) { upc name inStock reviews(first: 2) @include(if: $withReviews) { id body author { username } } }
    }`,
    variables: { first: random.integer(3, 10), withReviews: random.next() < 0.5 },
  }),
  (random) => ({
    query: `query Listing($first: Int!, $offset: Int!) { products(first: $first, offset: $offset) { upc name price inStock shippingEstimate } }`,
    variables: { first: 20, offset: random.integer(0, 900) },
  }),
  (random) => ({
    query: `query Latest($first: Int!) { latestReviews(first: $first) { id body rating author { name } product { name price } } }`,
    variables: { first: random.integer(5, 15) },
  }),
  (random) => ({ query: 'query Name($id: ID!) { user(id: $id) { id name } }', variables: { id: userId(random) } }),
  (random) => ({
    query: `query Review($id: ID!) { review(id: $id) { id body author { id name username } product { ...Card } } }
      fragment Card on Product { upc name price warehouse }`,
    variables: { id: String(random.integer(1, 1_200)) },
  }),
  (random) => ({
    query: `query Compare($left: String!, $right: String!) {
      left: product(upc: $left) { ...Facts } right: product(upc: $right) { ...Facts }
    }
    fragment Facts on Product { title: name price weight shippingEstimate reviews(first: 1) { rating } }`,
    variables: { left: upc(random), right: upc(random) },
  }),
  (random) => ({
    query: `query Home($brief: Boolean!) { me { name reviews(first: 2) @skip(if: $brief) { product { name } } } topProducts { upc name } }`,
    variables: { brief: random.next() < 0.3 },
  }),
  (random) => ({
    query: `query People($first: Int!) { users(first: $first) { id name reviews(first: 1) { product { name inStock } } } }`,
    variables: { first: random.integer(2, 12) },
  }),
];

export function createMixed(seed: number): readonly Operation[] {
  const random = createRandom(seed).fork('mixed');
  return Array.from({ length: REQUESTS }, () => random.pick(TEMPLATES)(random));
}

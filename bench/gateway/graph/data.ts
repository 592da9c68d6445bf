import { createRandom, type Random } from '../../../tools/harness/random.ts';

/** A shop: 100 users, 1,000 products, a review of nearly each. Objects hold each other, so that resolvers only read properties. */
export interface User {
  readonly __typename: 'User';
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
  readonly reviews: Review[];
}

export interface Product {
  readonly __typename: 'Product';
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly category: string;
  readonly tags: readonly string[];
  readonly box: { readonly __typename: 'Box'; readonly height: number; readonly width: number };
  readonly inStock: boolean;
  readonly warehouse: string | null;
  readonly reviews: Review[];
}

export interface Review {
  readonly __typename: 'Review';
  readonly id: string;
  readonly body: string;
  readonly rating: number;
  readonly author: User;
  readonly product: Product;
}

export interface Shop {
  readonly users: readonly User[];
  readonly products: readonly Product[];
  readonly reviews: readonly Review[];
}

/** The objects the heavy query reaches come first and are connected by this table alone, so that its answer has one size whatever the seed. */
export const CORE_USERS = 6;
export const CORE_PRODUCTS = 5;
/** Which products each of the first users has reviewed. */
const CORE_REVIEWS: readonly (readonly number[])[] = [
  [0, 1],
  [0, 2],
  [0, 1],
  [0, 3],
  [1, 4],
  [1, 0],
];
const USERS = 100;
const PRODUCTS = 1_000;
const MAX_PRICE = 2_000;
const MAX_WEIGHT = 5_000;
const CORE_WORDS = 54;

const CATEGORIES = ['FURNITURE', 'KITCHEN', 'GARDEN', 'LIGHTING'];
const WAREHOUSES = ['north', 'south', 'east', null];
const WORDS = ['quiet', 'amber', 'walnut', 'copper', 'linen', 'river', 'harbor', 'meadow', 'granite', 'cedar', 'velvet', 'autumn'];
/** What an encoder can get wrong: two, three and four bytes, quotes, backslashes, control characters. */
const UNUSUAL = ['Café “Grün”', '青い椅子', 'lamp 💡', 'a "quoted" name', String.raw`back\slash`, 'line\nbreak\ttab'];

/** The same seed gives the same shop. */
export function createShop(seed: number): Shop {
  const random = createRandom(seed).fork('shop');
  const users = Array.from({ length: USERS }, (_, index) => user(index, random));
  const products = Array.from({ length: PRODUCTS }, (_, index) => product(index, random));
  const reviews: Review[] = [];
  const add = (author: User, about: Product, words: number): void => {
    const id = String(reviews.length + 1);
    const review: Review = {
      __typename: 'Review',
      id,
      body: sentence(words, random),
      rating: random.integer(1, 5),
      author,
      product: about,
    };
    reviews.push(review);
    author.reviews.push(review);
    about.reviews.push(review);
  };
  CORE_REVIEWS.forEach((reviewed, author) => {
    for (const index of reviewed) add(at(users, author), at(products, index), CORE_WORDS);
  });
  for (const about of products.slice(CORE_PRODUCTS)) {
    const count = random.integer(0, 2);
    for (let made = 0; made < count; made++) add(at(users, random.integer(CORE_USERS, USERS - 1)), about, random.integer(5, 40));
  }
  return { users, products, reviews };
}

function user(index: number, random: Random): User {
  const number = String(index + 1).padStart(3, '0');
  return {
    __typename: 'User',
    id: String(index + 1),
    name: `${random.pick(WORDS)} ${random.pick(WORDS)} ${number}`,
    username: `user_${number}`,
    birthday: random.integer(0, 1_000_000_000),
    reviews: [],
  };
}

function product(index: number, random: Random): Product {
  const plain = `${random.pick(WORDS)} ${random.pick(WORDS)}`;
  return {
    __typename: 'Product',
    upc: `p${index + 1}`,
    name: index < CORE_PRODUCTS || random.next() < 0.9 ? plain : `${random.pick(UNUSUAL)} ${index}`,
    price: random.integer(100, MAX_PRICE),
    weight: random.integer(10, MAX_WEIGHT),
    category: random.pick(CATEGORIES),
    tags: Array.from({ length: random.integer(0, 3) }, () => random.pick(WORDS)),
    box: { __typename: 'Box', height: random.integer(1, 200), width: random.integer(1, 200) },
    inStock: random.next() < 0.7,
    warehouse: random.pick(WAREHOUSES),
    reviews: [],
  };
}

/** Words of one mean length: their number says how long the text is. */
function sentence(words: number, random: Random): string {
  return `${Array.from({ length: words }, () => random.pick(WORDS)).join(' ')}.`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no item ${index} of ${items.length}.`);
  return item;
}

import { all, at, find, some, type Item } from '../records.ts';
import type { AddedReview, World } from '../world.ts';
import { dimensionsOf } from './catalog.ts';
import { titleOf } from './media.ts';
import { emailOf, joinedAtOf } from './people.ts';
import { pick, refusal, type ResolverTable } from './resolver.ts';

interface ReviewInput {
  readonly stars: number;
  readonly text?: string | null;
  readonly subject?: { readonly productId?: string | null; readonly userId?: string | null } | null;
}

const FIRST_ADDED = 100;

export const findReview = (id: unknown, world: World) => find('Review', id) ?? world.reviews.find((review) => review.id === id);
const starsOf = (review: Item | AddedReview) => ('stars' in review ? review.stars : review.index % 6);
const reviewsFrom = (from: number, { first, minStars }: { first: number | null; minStars?: number | null }) =>
  some('Review', from, Math.min(first ?? 1, 3)).filter((review) => minStars == null || starsOf(review) >= minStars);

export const reviews: ResolverTable = {
  Query: {
    review: (_: unknown, { id }: { id: string }) => find('Review', id),
    reviews: (_: unknown, { first, minStars }: { first: number | null; minStars?: number | null }) =>
      all('Review')
        .filter((review) => minStars == null || starsOf(review) >= minStars)
        .slice(0, Math.max(0, first ?? 2)),
    subjects: () => [at('Product', 3), null, at('User', 2), at('Review', 5), at('Product', 4)],
    topMedia: (_: unknown, { first }: { first: number | null }) =>
      [1, 8, 5, 3].slice(0, Math.max(0, first ?? 1)).map((index) => at('Media', index)),
    favourite: () => at('User', 5),
  },
  Mutation: {
    addReview(_: unknown, { input }: { input: ReviewInput }, world: World) {
      world.log.push(`addReview ${input.stars} ${input.text ?? '-'}`);
      if (input.stars > 5) throw refusal(`${input.stars} stars are too many.`);
      const index = FIRST_ADDED + world.reviews.length;
      const subject = find('Product', input.subject?.productId) ?? find('User', input.subject?.userId) ?? null;
      const review: AddedReview = { __typename: 'Review', id: `r${index}`, index, stars: input.stars, text: input.text ?? null, subject };
      world.reviews.push(review);
      return { review, log: [...world.log] };
    },
  },
  Review: {
    stars: starsOf,
    body(review: Item | AddedReview, { format }: { format: string | null }) {
      const { id, index } = review;
      if (format === 'HTML' && index % 3 === 1) throw refusal(`${id} cannot be shown as ${format}.`);
      const text = 'text' in review ? review.text : index % 5 === 0 ? null : `review ${index}`;
      return format === 'HTML' && text !== null ? `<p>${text}</p>` : text;
    },
    author: ({ index }: Item) => (index % 6 === 5 ? null : at('User', index)),
    product: ({ index }: Item) => (index % 7 === 6 ? null : at('Product', index * 3)),
    subject: (review: Item | AddedReview) =>
      'subject' in review
        ? review.subject
        : [at('Product', review.index), at('User', review.index), at('Review', review.index + 1), null][review.index % 4],
    media: ({ index }: Item) => (index % 5 === 4 ? null : at('Media', index + 2)),
    createdAt: ({ index }: Item) => new Date(Date.UTC(2024, 0, 1 + (index % 20))),
    replies: ({ index }: Item, { first }: { first: number | null }) => some('Review', index + 1, Math.min(first ?? 1, 2)),
    parent: ({ index }: Item) => (index % 2 === 0 ? null : at('Review', index - 1)),
    score({ id, index }: Item) {
      if (index % 4 === 3) throw refusal(`${id} has no score.`);
      return index / 4;
    },
    label: ({ index }: Item) => (index % 2 === 0 ? null : `review label ${index}`),
  },
  User: {
    reviews: ({ index }: Item, args: { first: number | null; minStars: number | null }) => reviewsFrom(index * 2, args),
    points: ({ index }: Item) => index * 11,
    trust: {
      required: (user: Item) => ({ email: emailOf(user), joinedAt: joinedAtOf(user).toISOString() }),
      resolve({ email, joinedAt }: { email: string; joinedAt: string }) {
        if (email.startsWith('u6')) throw refusal(`Nobody trusts ${email}.`);
        return email.length + Date.parse(joinedAt) / 1e12;
      },
    },
    favourite: ({ index }: Item) => (index % 4 === 0 ? null : at('Media', index + 3)),
  },
  Product: {
    reviews: ({ index }: Item, args: { first: number | null; minStars?: number | null }) => (index === 1 ? null : reviewsFrom(index, args)),
    rating: ({ index }: Item) => (index % 3 === 2 ? null : index / 2),
    badge: ({ index }: Item) => (index % 2 === 0 ? null : `badge ${index}`),
    headline: {
      required: (product: Item) => ({ name: `product ${product.index}`, dimensions: pick(dimensionsOf(product), ['width', 'unit']) }),
      resolve: (
        { name, dimensions }: { name: string; dimensions: { width: number; unit: string } | null },
        { max }: { max: number | null },
      ) => `${dimensions === null ? '' : `${dimensions.width} ${dimensions.unit} `}${name}`.slice(0, Math.max(0, max ?? 99)),
    },
  },
  Media: {
    mediaReviews: ({ index }: Item, { first }: { first: number | null }) => some('Review', index, Math.min(first ?? 1, 3)),
    stars({ id, index }: Item) {
      if (index % 4 === 1) throw refusal(`Nobody has seen ${id}.`);
      return index === 3 ? null : index;
    },
    blurb: {
      required: (media: Item) => ({ title: titleOf(media) }),
      resolve: ({ title }: { title: string }, { loud }: { loud: boolean }) => (loud ? `${title.toUpperCase()}!` : `About ${title}`),
    },
  },
};

import { all, at, find, some, type Item } from '../records.ts';
import { refusal, type ResolverTable } from './resolver.ts';

export const titleOf = ({ __typename, index }: Item) => `${__typename} ${index}`;

const creator = ({ index }: Item) => (index % 4 === 3 ? null : at('User', index));
const year = ({ index }: Item) => (index === 6 ? null : 1990 + index);
const common = { title: titleOf, creator, year };

export const media: ResolverTable = {
  Query: {
    media: (_: unknown, { id }: { id: string }) => find('Media', id),
    allMedia: (_: unknown, { first, kinds }: { first: number | null; kinds: readonly string[] | null }) =>
      all('Media')
        .filter(({ __typename }) => kinds?.includes(__typename.toUpperCase()) ?? true)
        .slice(0, Math.max(0, first ?? 4)),
    works: () => [at('Media', 0), at('Media', 5), null, at('Media', 9)],
    work: (_: unknown, { id }: { id: string }) => find('Media', id),
    search: (_: unknown, { text, first }: { text: string; first: number | null }) =>
      text === 'nothing'
        ? []
        : [at('Media', 2), at('Product', 2), at('User', 3), at('Media', 4), null, at('Product', 6), at('User', 6)].slice(
            0,
            Math.max(0, first ?? 7),
          ),
    song: (_: unknown, { id }: { id: string }) => all('Media').find((item) => item.id === id && item.__typename === 'Song'),
  },
  Book: {
    ...common,
    pages: ({ index }: Item) => index * 100,
    isbn({ id, index }: Item) {
      if (index === 2) throw refusal(`${id} has no ISBN.`);
      return `isbn-${index}`;
    },
    rating: ({ index }: Item) => (index === 1 ? null : 'good'),
    sequel: ({ index }: Item) => (index < 3 ? at('Media', index + 1) : null),
    label: ({ index }: Item) => (index === 0 ? null : `book label ${index}`),
  },
  Movie: {
    ...common,
    minutes: ({ index }: Item) => 90 + index,
    rating: ({ index }: Item) => (index === 6 ? null : index),
    cast: ({ index }: Item, { first }: { first: number | null }) => (index === 5 ? null : some('User', index, Math.min(first ?? 1, 3))),
    soundtrack: ({ index }: Item) => (index === 4 ? [at('Media', 7), at('Media', 9)] : index === 5 ? [] : null),
    basedOn: ({ index }: Item) => (index === 4 ? at('Media', 1) : index === 5 ? at('Media', 8) : null),
  },
  Song: {
    ...common,
    seconds: ({ index }: Item) => (index === 8 ? 'long' : 100 + index),
    rating: ({ index }: Item) => index / 2,
    albums: ({ index }: Item) =>
      index === 9 ? [[at('Media', 7), null], [at('Media', 8)]] : [[at('Media', 2), at('Media', 4)], null, [at('Media', index)]],
  },
  User: {
    library: ({ index }: Item, { first }: { first: number | null }) => some('Media', index * 3, Math.min(first ?? 1, 3)),
  },
};

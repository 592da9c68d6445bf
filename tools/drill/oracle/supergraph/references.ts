import { find, type Item, type Kind } from './records.ts';
import { companyByRegistry, userByEmail } from './resolvers/people.ts';
import { productBySku } from './resolvers/catalog.ts';
import { findReview } from './resolvers/reviews.ts';
import { orderByKey, UNKNOWN_MEDIA } from './resolvers/stock.ts';
import type { World } from './world.ts';

/** `__typename` and the fields of a key, with what `@requires` asked for. */
export type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** The record a subgraph knows by this representation; null when there is none. */
export function findByRepresentation(subgraph: string, representation: Representation, world: World): Item | null {
  if (subgraph === 'stock' && representation['id'] === UNKNOWN_MEDIA) return null;
  return findBy(representation, world) ?? null;
}

/** Which of several keys was sent shows in the representation. */
function findBy(representation: Representation, world: World): Item | undefined {
  const { __typename, id, email } = representation;
  switch (__typename) {
    case 'Product':
      // As the key's fields are declared.
      return id === undefined ? productBySku(representation['sku'] as { vendor: string; code: number }) : find('Product', id);
    case 'User':
      return id === undefined ? userByEmail(email) : find('User', id);
    case 'Company':
      // As the key's fields are declared.
      return id === undefined ? companyByRegistry(representation['registry'] as { country: string; number: number }) : find('Company', id);
    case 'Order':
      // As the key's fields are declared.
      return id === undefined
        ? orderByKey(representation['customer'] as { id: string }, representation['number'] as number)
        : find('Order', id);
    case 'Review':
      return findReview(id, world);
    case 'Book':
    case 'Movie':
    case 'Song':
      return find('Media', id);
    default:
      return find(__typename as Kind, id); // the rest are named as their records
  }
}

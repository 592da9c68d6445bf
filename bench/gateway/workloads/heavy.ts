import type { Operation } from '../graph/operation.ts';

/** Users and products, six levels deep, through all four subgraphs: the query of the public gateways benchmark. Its answer is about 87 kB. */
export const HEAVY: Operation = {
  query: `
    query Heavy {
      users {
        ...User
        reviews {
          ...Review
          product {
            ...Product
            reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
          }
        }
      }
      topProducts {
        ...Product
        reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
      }
    }
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }`,
};

import type { Operation } from '../graph/operation.ts';

/** A thousand products, flat, of two subgraphs: what a listing or an export asks. */
export const WIDE: Operation = {
  query: 'query Wide { products(first: 1000) { upc name price weight category tags inStock warehouse shippingEstimate } }',
};

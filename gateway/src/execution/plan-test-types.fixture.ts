import { buildASTSchema, parse } from 'graphql';
import { createTypeConditions } from './type-conditions.js';

/** Types for tests of single steps: an interface, a union, three entities. */
export const fixtureTypes = createTypeConditions(
  buildASTSchema(
    parse(`
      type Query { media: [Media] }
      interface Media { id: ID! }
      type Book implements Media { id: ID! title: String }
      type Film implements Media { id: ID! title: String }
      type Person { id: ID! }
      union Any = Book | Person
    `),
  ),
);

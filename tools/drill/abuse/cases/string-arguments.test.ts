import { buildSchema, parse, validate } from 'graphql';
import { harmlessOperation, stringArguments } from './string-arguments.ts';

const schema = buildSchema(`
  type Query { ping: Boolean find(text: String!, first: Int!, filter: Filter): [Thing!]! }
  type Mutation { save(input: SaveInput!): Thing erase(id: ID!): ID! }
  type Thing { id: ID! }
  enum Colour { RED }
  input Filter { tags: [String!], not: Filter, colour: Colour }
  input SaveInput { name: String!, rows: [Row!]!, at: Int! = 1 }
  input Row { key: ID!, value: Float! }
`);

describe('stringArguments', () => {
  it('finds every place that takes a text, in inputs and lists too', () => {
    expect(stringArguments(schema).map(({ field, path }) => `${field} ${path}`)).toEqual([
      'find text',
      'find filter.tags',
      'find filter.not.tags',
      'find filter.not.not.tags',
      'find filter.not.not.not.tags',
      'save input.name',
      'save input.rows.key',
      'erase id',
    ]);
  });

  it('writes valid operations, with harmless values for the rest', () => {
    for (const argument of stringArguments(schema)) expect(validate(schema, parse(argument.operation('x').query))).toEqual([]);
    const rows = stringArguments(schema).find(({ path }) => path === 'input.rows.key');
    expect(rows?.operation("' OR 1=1").variables).toEqual({ input: { name: 'x', rows: [{ key: "' OR 1=1", value: 1 }] } });
  });

  it('writes fields without arguments, and refuses fields that are not there', () => {
    expect(harmlessOperation(schema, 'query', 'ping')).toEqual({ query: 'query Text { ping }', variables: {} });
    expect(() => harmlessOperation(schema, 'mutation', 'nothing')).toThrow('The schema has no mutation nothing.');
  });
});

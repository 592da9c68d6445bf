import { buildSchema, parse } from 'graphql';
import { usedCoordinates } from './used-coordinates.ts';

const SCHEMA = buildSchema(`
  directive @live(rate: Int) on QUERY
  enum Order { UP DOWN }
  input Range { from: Int to: Int }
  input Filter { order: Order range: Range not: Filter }
  interface Node { id: ID! }
  type Template implements Node { id: ID! name: String! }
  type User implements Node { id: ID! email: String }
  union Hit = Template | User
  type Query { node(id: ID!): Node hits(filter: Filter, order: Order): [Hit!]! count: Int }
`);
const used = (operation: string): readonly string[] => [...usedCoordinates(SCHEMA, parse(operation))];

describe('usedCoordinates', () => {
  it('holds fields, arguments and the types touched', () => {
    const coordinates = used('{ node(id: "1") { id } }');
    expect(coordinates).toEqual(expect.arrayContaining(['Query', 'Query.node', 'Query.node(id:)', 'Node', 'Node.id', 'ID']));
    expect(coordinates).not.toContain('Query.hits');
  });

  it('counts a field of an interface for the types that implement it', () => {
    expect(used('{ node(id: "1") { id } }')).toEqual(expect.arrayContaining(['Template.id', 'User.id']));
  });

  it('holds type conditions, those of named fragments, too', () => {
    const coordinates = used('{ hits { ... on Template { name } ...F } } fragment F on User { email }');
    expect(coordinates).toEqual(expect.arrayContaining(['Hit', 'Template', 'Template.name', 'User', 'User.email']));
  });

  it('holds what is written literally, and nothing else of the input', () => {
    const coordinates = used('{ hits(filter: { not: { order: UP } }) { __typename } }');
    expect(coordinates).toEqual(expect.arrayContaining(['Filter', 'Filter.not', 'Filter.order', 'Order', 'Order.UP']));
    expect(coordinates).not.toContain('Order.DOWN');
    expect(coordinates).not.toContain('Filter.range');
  });

  it('holds all that a variable may carry', () => {
    expect(used('query ($filter: Filter) { hits(filter: $filter) { __typename } }')).toEqual(
      expect.arrayContaining(['Filter.order', 'Filter.range', 'Range.from', 'Range.to', 'Order.UP', 'Order.DOWN']),
    );
  });

  it('holds directives and their arguments', () => {
    expect(used('query @live(rate: 1) { count }')).toEqual(expect.arrayContaining(['@live', '@live(rate:)']));
  });
});

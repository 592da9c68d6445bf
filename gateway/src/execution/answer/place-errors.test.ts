import { buildSchema, parse, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { placeErrors } from './place-errors.js';

const schema = buildSchema(`
  interface Media { id: ID! }
  type Book implements Media { id: ID! stars: Int cost: Int }
  type Film implements Media { id: ID! stars: Int }
  type Query { works: [Media] }
`);

function place(selection: string, path: (string | number)[], works: object[], variables: Record<string, unknown> = {}) {
  const document = parse(`query ($no: Boolean) { works { ${selection} } }`);
  const { selectionSet } = document.definitions[0] as OperationDefinitionNode; // the only one
  const dataKeyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;
  const { placed, dropped } = placeErrors([{ message: 'x', path }], {
    scope: { schema, fragments: new Map(), dataKeyOf },
    root: schema.getQueryType()!,
    parts: [{ set: selectionSet, condition: [] }],
    variables,
    data: { works },
    required: new Set(['stars']),
  });
  return { placed: placed.map((error) => error.path), dropped: dropped.map((error) => error.path) };
}

const BOOK = { __typename: 'Book', id: '1' };

describe('placeErrors', () => {
  it('leaves an error where the client asked', () => {
    expect(place('... on Book { stars }', ['works', 0, 'stars'], [{ ...BOOK, stars: null }]).placed).toEqual([['works', 0, 'stars']]);
    expect(place('id', ['works', 0], [BOOK]).placed).toEqual([['works', 0]]);
  });

  it('drops an error in what no client asked and nobody lacks', () => {
    expect(place('id', ['works', 0, 'stars'], [BOOK])).toEqual({ placed: [], dropped: [['works', 0, 'stars']] });
    expect(place('... on Film { stars }', ['works', 0, 'stars'], [BOOK]).placed).toEqual([]);
    expect(place('... on Book { stars @include(if: $no) }', ['works', 0, 'stars'], [BOOK], { no: false }).placed).toEqual([]);
  });

  it('drops an error in what no other subgraph was to be told of', () => {
    expect(place('... on Book { cost }', ['works', 0, 'other'], [{ ...BOOK, cost: null }]).placed).toEqual([]);
  });

  it('leaves it where any type selects the field when nothing tells which type it is', () => {
    const path = ['works', 0, 'cost'];
    expect(place('... on Book { cost }', path, [{ __typename: 'Media', id: '1' }]).placed).toEqual([path]);
  });

  it('moves it to the object where something the client asked is missing because of it', () => {
    expect(place('... on Book { cost }', ['works', 0, 'stars'], [{ ...BOOK, cost: null }]).placed).toEqual([['works', 0]]);
  });
});

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
  const { placed, costNothing } = placeErrors([{ message: 'x', path }], {
    scope: { schema, fragments: new Map(), dataKeyOf },
    root: schema.getQueryType()!,
    parts: [{ set: selectionSet, condition: [] }],
    variables,
    data: { works },
  });
  return { placed: placed.map((error) => error.path), costNothing };
}

const BOOK = { __typename: 'Book', id: '1' };

describe('placeErrors', () => {
  it('leaves an error where the client asked', () => {
    expect(place('... on Book { stars }', ['works', 0, 'stars'], [{ ...BOOK, stars: null }]).placed).toEqual([['works', 0, 'stars']]);
    expect(place('id', ['works', 0], [BOOK]).placed).toEqual([['works', 0]]);
  });

  it('drops an error in what no client asked and nobody lacks', () => {
    expect(place('id', ['works', 0, 'stars'], [BOOK])).toEqual({ placed: [], costNothing: [['works', 0, 'stars']] });
    expect(place('... on Film { stars }', ['works', 0, 'stars'], [BOOK]).placed).toEqual([]);
    expect(place('... on Book { stars @include(if: $no) }', ['works', 0, 'stars'], [BOOK], { no: false }).placed).toEqual([]);
  });

  it('moves it to the object where something the client asked is missing because of it', () => {
    expect(place('... on Book { cost }', ['works', 0, 'stars'], [{ ...BOOK, cost: null }]).placed).toEqual([['works', 0]]);
  });
});

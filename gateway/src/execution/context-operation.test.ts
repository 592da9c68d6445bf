import { parse, print } from 'graphql';
import { createContextOperation } from './context-operation.js';

const TEXT =
  'query Q($representations: [_Any!]!, $c: String!, $d: Int, $first: Int) ' +
  '{ _entities(representations: $representations) { ... on A { x(c: $c, first: $first) { y(d: $d) } } } }';

describe('createContextOperation', () => {
  const operation = createContextOperation(TEXT, new Set(['representations', 'c', 'd']));

  it('sends the text of the plan for one group', () => {
    expect(operation.text(1)).toBe(TEXT);
  });

  it('asks each group under an alias and with variables of its own', () => {
    const expected =
      'query Q($representations_0: [_Any!]!, $representations_1: [_Any!]!, $c_0: String!, $c_1: String!, $d_0: Int, $d_1: Int, $first: Int) ' +
      '{ _entities_0: _entities(representations: $representations_0) { ... on A { x(c: $c_0, first: $first) { y(d: $d_0) } } } ' +
      '_entities_1: _entities(representations: $representations_1) { ... on A { x(c: $c_1, first: $first) { y(d: $d_1) } } } }';
    expect(operation.text(2)).toBe(print(parse(expected)));
  });

  it('knows which values may not be null', () => {
    expect([...operation.required]).toEqual(['representations', 'c']);
  });
});

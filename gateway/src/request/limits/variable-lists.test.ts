import { assertVariableListsWithin } from './variable-lists.js';

const tooLong = expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', details: { limit: 'listSize', max: 3, counted: 4 } });

describe('assertVariableListsWithin', () => {
  it.each([
    ['scalars', { a: 1, b: 'text', c: null, d: true }],
    ['a list at the limit', { a: [1, 2, 3] }],
    ['many short lists', { a: [[1, 2, 3], [1, 2, 3], [1]] }],
  ])('lets pass %s', (_title, variables) => {
    expect(() => assertVariableListsWithin(variables, 3)).not.toThrow();
  });

  it.each([
    ['of a variable', { a: [1, 2, 3, 4] }],
    ['inside an object', { a: { b: { c: [1, 2, 3, 4] } } }],
    ['inside a list', { a: [[1], [1, 2, 3, 4]] }],
  ])('refuses a list %s', (_title, variables) => {
    expect(() => assertVariableListsWithin(variables, 3)).toThrow(tooLong);
  });

  it('survives what nests deeper than the stack', () => {
    let nested: unknown = [1, 2, 3, 4];
    for (let depth = 0; depth < 200_000; depth++) nested = [nested];
    expect(() => assertVariableListsWithin({ nested }, 3)).toThrow(tooLong);
  });
});

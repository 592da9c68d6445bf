import { readRouteOperation, type RouteOperation } from './route-operation.js';
import { variablesOf, type RestInput } from './route-variables.js';
import { absent, list, rate, schema } from './shop.fixture.js';

const operation = (route: typeof list): RouteOperation => {
  const read = readRouteOperation(route, schema);
  if (read === undefined) throw new Error('The schema has it.');
  return read;
};
const variables = (route: typeof list, input: Partial<RestInput>) =>
  variablesOf(operation(route), { path: {}, query: {}, body: undefined, ...input });

describe('R7 variables of a REST route', () => {
  it('come from the search, by their types', () => {
    const query = { name: '7', cheap: 'true', minPrice: '1.5', kind: 'HOUSE', first: '5', tag: 'a' };
    expect(variables(list, { query })).toEqual({
      filter: { nameContains: '7', isCheap: true, minPrice: 1.5, kind: 'HOUSE' },
      first: 5,
      tags: ['a'],
    });
    expect(variables(list, { query: { tag: ['a', 'b'] } })).toEqual({ tags: ['a', 'b'] });
    expect(variables(list, {})).toEqual({});
  });

  it('are left as they came where they do not fit', () => {
    expect(variables(list, { query: { first: 'many', cheap: 'perhaps', minPrice: '' } })).toEqual({
      first: 'many',
      filter: { isCheap: 'perhaps', minPrice: '' },
    });
  });

  it('come from the path and a body', () => {
    expect(variables(rate, { path: { id: 'x' }, body: { stars: 4 } })).toEqual({ input: { id: 'x', stars: 4 } });
  });

  it.each([
    ['a parameter that is none', list, { query: { limit: '1' } }, 'There is no parameter "limit" here; there are name, cheap,'],
    ['a parameter twice', list, { query: { first: ['1', '2'] } }, '"first" may be given once only.'],
    ['a field that is none', rate, { body: { stars: 4, by: 'me' } }, 'There is no field "by" here; there are stars, comment.'],
    ['a body that is no object', rate, { body: [] }, 'The body must be a JSON object.'],
    ['no body', rate, {}, 'The body must be a JSON object.'],
    ['a name that every object has', list, { query: { constructor: 'x' } }, 'There is no parameter "constructor"'],
  ])('refuse %s', (_what, route, input, message) => {
    expect(() => variables(route, input)).toThrow(message);
  });

  it('a route is not served that asks what the schema has not', () => {
    expect(readRouteOperation(absent, schema)).toBeUndefined();
  });
});

import type { PlanPath } from '../planning/plan.js';
import { compileCollector, locateObjects } from './collect-objects.js';
import { fixtureTypes } from './plan-test-types.fixture.js';

const DATA = {
  media: [
    { __typename: 'Book', id: '1', author: { id: 'a' } },
    null,
    { __typename: 'Film', id: '2', author: null },
    [{ __typename: 'Book', id: '3', author: { id: 'c' } }],
    { id: '4', author: { id: 'd' } },
  ],
  'odd key': { __typename: 'Person', id: 'p' },
};

const cases: readonly [string, PlanPath, readonly string[]][] = [
  ['every item', ['media', '@'], ['1', '2', '3', '4']],
  ['a list whose @ is left out', ['media'], ['1', '2', '3', '4']],
  ['items of one type, and those of unknown type', ['media', '@', { types: ['Film'] }], ['2', '4']],
  ['below items, those of nested lists too', ['media', '@', 'author'], ['a', 'c', 'd']],
  ['keys that are no identifiers', ['odd key'], ['p']],
  ['nothing', ['absent', '@'], []],
];

describe('compileCollector', () => {
  it.each(cases)('visits %s', (_name, path, ids) => {
    const seen: unknown[] = [];
    compileCollector(path, fixtureTypes)(structuredClone(DATA), (object) => seen.push(object['id']));
    expect(seen).toEqual(ids);
  });

  it('answers where an object stands, so that another can be put there', () => {
    const data = structuredClone(DATA);
    compileCollector(['media', '@'], fixtureTypes)(data, (object, holder, key) => {
      if (object['id'] === '2') (holder as unknown[])[key as number] = { id: 'replaced' };
    });
    expect(data.media[2]).toEqual({ id: 'replaced' });
  });
});

describe('locateObjects', () => {
  it('answers the path of every place, of nested lists too', () => {
    const places = locateObjects(DATA, ['media', '@', { types: ['Book'] }], fixtureTypes);
    expect(places.map(({ object, path }) => [object['id'], path])).toEqual([
      ['1', ['media', 0]],
      ['3', ['media', 3, 0]],
      ['4', ['media', 4]],
    ]);
  });
});

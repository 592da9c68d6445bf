import type { ContextValue, PlanPath } from '../planning/plan.js';
import { readContexts } from './context-values.js';
import { fixtureTypes as types } from './plan-test-types.fixture.js';

const item = { __typename: 'Person', id: 'i' };
const data = {
  media: [
    { __typename: 'Book', title: 'b', tags: [{ name: 'x' }, { name: null }], none: null, pages: [[item]] },
    { __typename: 'Film', title: 'f', pages: [[item]] },
  ],
};
const place = { object: item, path: ['media', 0, 'pages', 0, 0] };
const inFilm = { object: item, path: ['media', 1, 'pages', 0, 0] };

const above = (path: PlanPath, variable = 'v'): ContextValue => ({ variable, levels: 1, path });
const read = (contexts: readonly ContextValue[], at = place, required: readonly string[] = []) =>
  readContexts(data, at, { contexts, required: new Set(required), types })?.get('v');

describe('readContexts', () => {
  it('goes up one field for each level, whatever lists are between', () => {
    expect(read([above(['title'])])).toBe('"b"');
    expect(read([{ variable: 'v', levels: 0, path: ['id'] }])).toBe('"i"');
    expect(read([{ variable: 'v', levels: 2, path: ['media'] }])).toBe(JSON.stringify(data.media));
    expect(read([{ variable: 'v', levels: 3, path: ['media'] }])).toBeUndefined();
  });

  it('gathers what lists below the object hold', () => {
    expect(read([above(['tags', 'name'])])).toBe('["x",null]');
  });

  it('takes the first path whose type the object has', () => {
    const contexts = [above([{ types: ['Film'] }, 'title']), above([{ types: ['Media'] }, 'title']), above(['none'])];
    expect(read(contexts)).toBe('"b"');
    expect(read(contexts, inFilm)).toBe('"f"');
  });

  it('passes null on, unless the variable takes none', () => {
    expect(read([above(['none', 'name'])])).toBe('null');
    expect(read([above(['none'])], place, ['v'])).toBeUndefined();
  });

  it('finds nothing where a value was not fetched, be it one of several', () => {
    expect(read([above(['none'])], inFilm)).toBeUndefined();
    expect(read([above(['title']), above(['other'], 'w')])).toBeUndefined();
    expect(read([above(['tags', 'other'])])).toBeUndefined();
  });
});

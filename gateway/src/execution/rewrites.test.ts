import { fixtureTypes } from './plan-test-types.fixture.js';
import { applyRewrites, renamePath } from './rewrites.js';

const onBooks = { types: ['Book'] };

describe('applyRewrites', () => {
  it('renames and sets keys at every place, through lists', () => {
    const value = {
      media: [{ __typename: 'Book', title_0: 'A' }, { __typename: 'Film', title_0: 'B' }, [{ __typename: 'Book', title_0: 'C' }]],
    };
    applyRewrites(
      [
        { kind: 'rename', path: ['media', onBooks, 'title_0'], to: 'title' },
        { kind: 'set', path: ['media', { types: ['Film'] }, '__typename'], value: 'Media' },
      ],
      value,
      fixtureTypes,
    );
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      media: [{ __typename: 'Book', title: 'A' }, { __typename: 'Media', title_0: 'B' }, [{ __typename: 'Book', title: 'C' }]],
    });
  });

  it('fits objects without a type name, and leaves absent keys alone', () => {
    const value = { media: { title_0: 'A' }, other: {} };
    applyRewrites(
      [
        { kind: 'rename', path: ['media', onBooks, 'title_0'], to: 'title' },
        { kind: 'rename', path: ['other', 'title_0'], to: 'title' },
      ],
      value,
      fixtureTypes,
    );
    expect(JSON.parse(JSON.stringify(value))).toEqual({ media: { title: 'A' }, other: {} });
  });
});

describe('renamePath', () => {
  it('writes an error path with the keys the client knows', () => {
    const rewrites = [{ kind: 'rename', path: ['media', onBooks, 'title_0'], to: 'title' } as const];
    expect(renamePath(['media', 2, 'title_0', 'x'], rewrites)).toEqual(['media', 2, 'title', 'x']);
    expect(renamePath(['media', 2, 'title_1'], rewrites)).toEqual(['media', 2, 'title_1']);
    expect(renamePath(['media'], rewrites)).toEqual(['media']);
  });
});

import { compareProjection } from './compare-projection.ts';

const document = { id: 'a', revision: 3, fingerprint: 'f' };
const entry = { ...document, deleted: false };
const kinds = (...args: [Parameters<typeof compareProjection>[1], Parameters<typeof compareProjection>[2]]): string[] =>
  compareProjection('vectors', ...args).map(({ id, kind }) => `${id} ${kind}`);

describe('compareProjection', () => {
  it('accepts what is as its record says, and tombstones of what is gone', () => {
    expect(kinds([document], [entry, { id: 'b', revision: 9, fingerprint: '', deleted: true }])).toEqual([]);
  });

  it.each([
    ['missing', [document], []],
    ['missing', [document], [{ ...entry, deleted: true, revision: 4 }]],
    ['stale', [document], [{ ...entry, revision: 2 }]],
    ['ahead', [document], [{ ...entry, revision: 4 }]],
    ['corrupt', [document], [{ ...entry, fingerprint: 'other' }]],
    ['orphan', [], [entry]],
  ])('finds a planted one that is %s', (kind, expected, actual) => {
    expect(kinds(expected, actual)).toEqual([`a ${kind}`]);
  });

  it('compares contents only where they repeat', () => {
    expect(kinds([{ id: 'a', revision: 3 }], [{ ...entry, fingerprint: 'other' }])).toEqual([]);
  });

  it('names the projection and what is there', () => {
    expect(compareProjection('graph', [document], [{ ...entry, revision: 2 }])).toEqual([
      { projection: 'graph', id: 'a', kind: 'stale', detail: 'revision 2; the record is at 3' },
    ]);
  });
});

import { classify, isSame, type Observation } from './classify.js';

const entry = { id: 'a', revision: 3, fence: 1, fingerprint: 'f', deleted: false };
const expected = { revision: 3, fingerprint: 'f' };
const seen = (changes: Partial<typeof entry & { intact: boolean }>): Observation => ({
  id: 'a',
  expected,
  entry: { ...entry, ...changes },
});
const keeps = { forgets: false };

describe('classes of drift', () => {
  it.each([
    ['nothing', seen({}), undefined],
    ['nothing where it is intact', seen({ intact: true }), undefined],
    ['an older revision', seen({ revision: 2 }), 'stale'],
    ['a newer revision', seen({ revision: 4 }), 'stale'],
    ['another fingerprint', seen({ fingerprint: 'g' }), 'stale'],
    ['damaged content', seen({ intact: false }), 'corrupt'],
    ['a tombstone of a record that lives', seen({ deleted: true }), 'missing'],
    ['no document', { id: 'a', expected, entry: undefined }, 'missing'],
    ['no record', { id: 'a', expected: undefined, entry }, 'orphan'],
    ['a tombstone of a record that is gone', { id: 'a', expected: undefined, entry: { ...entry, deleted: true } }, undefined],
    ['neither', { id: 'a', expected: undefined, entry: undefined }, undefined],
  ] as const)('%s', (_, observation, drift) => expect(classify(observation, keeps)).toBe(drift));

  it('without a fingerprint compares revisions only', () => {
    expect(classify({ id: 'a', expected: { revision: 3 }, entry: { ...entry, fingerprint: 'g' } }, keeps)).toBeUndefined();
  });

  it('misses nothing in a target that forgets, but a tombstone of a record that lives', () => {
    expect(classify({ id: 'a', expected, entry: undefined }, { forgets: true })).toBeUndefined();
    expect(classify(seen({ deleted: true }), { forgets: true })).toBe('missing');
  });
});

describe('two observations show the same', () => {
  it('only while neither record nor document was touched', () => {
    expect(isSame(seen({}), seen({}))).toBe(true);
    expect(isSame(seen({}), seen({ fence: 2 }))).toBe(false);
    expect(isSame(seen({}), seen({ revision: 4 }))).toBe(false);
    expect(isSame(seen({}), { ...seen({}), entry: undefined })).toBe(false);
    expect(isSame(seen({}), { ...seen({}), expected: { ...expected, fingerprint: 'g' } })).toBe(false);
  });
});

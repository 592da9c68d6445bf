import { expect, test } from '@jest/globals';
import { fingerprint, type Projection } from '@loomgraph/sync';
import type { ScanEntry } from '@loomgraph/stores/vectors';
import { checkTarget } from './check-target.ts';

const right: ScanEntry = { id: 'a', revision: 2, fence: 1, deleted: false, intact: true, fingerprint: fingerprint('1', { text: 'a' }) };

test('a document of the newest revision, derived as now and intact, is right', async () => {
  expect(await problems(right)).toEqual([]);
});

test.each([
  ['missing', null],
  ['a tombstone', { ...right, deleted: true }],
  ['of an older revision', { ...right, revision: 1 }],
  ['derived otherwise', { ...right, fingerprint: 'other' }],
  ['damaged', { ...right, intact: false }],
])('one that is %s is not', async (_, entry) => {
  expect(await problems(entry)).toHaveLength(1);
});

function problems(entry: ScanEntry | null): Promise<readonly string[]> {
  const projection = {
    name: 'tested',
    versionKey: '1',
    definition: {
      load: () => Promise.resolve([{ id: 'a', revision: 2, value: { text: 'a' } }]),
      derive: (value: unknown) => value,
      target: { entries: () => Promise.resolve([entry]) },
    },
  } as unknown as Projection; // all that is read of one
  return checkTarget({ read: () => undefined } as never, projection, ['a']); // which `load` does not look at
}

import { findPlanted } from './find-planted.ts';
import type { Violation } from './find-violations.ts';

const lost = (what: string): Violation => ({ kind: 'lost', what });

describe('what was planted', () => {
  const now: Violation[] = [];
  const planting = (name: string, violation?: Violation) => ({
    name,
    expected: 'lost' as const,
    plant: () => {
      if (violation) now.push(violation);
      return Promise.resolve();
    },
  });
  beforeEach(() => void now.splice(0, now.length, lost('before')));
  const look = () => Promise.resolve([...now]);

  it('is found where a look shows something new of its kind', async () => {
    expect(await findPlanted([planting('one', lost('a')), planting('two', lost('b'))], now, look)).toEqual([]);
  });

  it('is missed where nothing is new, also after one that was found', async () => {
    expect(await findPlanted([planting('one', lost('a')), planting('two')], now, look)).toEqual(['two']);
  });

  it('is missed where what is new is of another kind', async () => {
    expect(await findPlanted([planting('one', { kind: 'orphan', what: 'a' })], now, look)).toEqual(['one']);
  });
});

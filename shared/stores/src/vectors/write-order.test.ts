import { takes } from './write-order.js';

const at = (revision: number, fence: number, fingerprint = 'f', deleted = false) => ({ revision, fence, fingerprint, deleted });
const tombstone = (revision: number, fence: number) => at(revision, fence, '', true);

describe('takes', () => {
  it.each([
    ['anything where nothing is', undefined, at(0, 0), true],
    ['a greater revision, whatever its fence', at(1, 9), at(2, 0), true],
    ['no smaller revision', at(2, 0), at(1, 9), false],
    ['a greater fence at an equal revision', at(1, 1), at(1, 2, 'g'), true],
    ['a greater fence with equal content: a late one must lose against it', at(1, 1), at(1, 2), true],
    ['no smaller fence: the zombie of a claim that was taken over', at(1, 2), at(1, 1, 'g'), false],
    ['another fingerprint where all is equal', at(1, 1), at(1, 1, 'g'), true],
    ['no repetition', at(1, 1), at(1, 1), false],
    ['a removal at an equal revision, whatever its fence', at(1, 2), tombstone(1, 0), true],
    ['nothing live over a tombstone of its revision', tombstone(1, 0), at(1, 9), false],
    ['a live document of a greater revision over a tombstone', tombstone(1, 9), at(2, 0), true],
  ])('%s', (_, stored, write, taken) => {
    expect(takes(stored, write)).toBe(taken);
  });

  it('what replaces is taken where that is stored, and nowhere else', () => {
    const repair = { ...at(3, 5), replaces: { revision: 9, fence: 2 } };
    expect(takes(at(9, 2), repair)).toBe(true);
    expect(takes(tombstone(9, 2), repair)).toBe(true);
    expect(takes(at(9, 3), repair)).toBe(false);
    expect(takes(at(1, 0), repair)).toBe(false);
    expect(takes(undefined, repair)).toBe(false);
  });

  it('leaves the same document whatever order the writes come in', () => {
    const writes = [at(1, 1, 'a'), at(1, 2, 'b'), at(1, 3, 'a'), at(2, 1, 'c'), at(2, 4, 'd'), tombstone(2, 2), tombstone(2, 3)];
    const left = new Set(
      permutations(writes).map((order) => {
        let stored: ReturnType<typeof at> | undefined;
        for (const write of order) if (takes(stored, write)) stored = write;
        return JSON.stringify(stored);
      }),
    );
    expect([...left]).toEqual([JSON.stringify(tombstone(2, 3))]);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, position) => permutations(items.toSpliced(position, 1)).map((rest) => [item, ...rest]));
}

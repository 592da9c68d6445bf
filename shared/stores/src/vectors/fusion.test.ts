import { fuseByReciprocalRank } from './fusion.js';

const ranking = (...ids: string[]) => ids.map((id, index) => ({ id, score: 1 - index / 10 }));

describe('fuseByReciprocalRank', () => {
  it('adds 1 / (60 + rank) over the rankings and keeps the ranks', () => {
    expect(fuseByReciprocalRank(ranking('a', 'b'), ranking('b', 'c'), { limit: 10 })).toEqual([
      { id: 'b', score: 1 / 62 + 1 / 61, vectorRank: 2, textRank: 1 },
      { id: 'a', score: 1 / 61, vectorRank: 1 },
      { id: 'c', score: 1 / 62, textRank: 2 },
    ]);
  });

  it('breaks ties by id and cuts at the limit', () => {
    const fused = fuseByReciprocalRank(ranking('z', 'b'), ranking('a', 'c'), { limit: 3 });
    expect(fused.map(({ id }) => id)).toEqual(['a', 'z', 'b']);
  });

  it('answers nothing for nothing', () => {
    expect(fuseByReciprocalRank([], [], { limit: 5 })).toEqual([]);
  });
});

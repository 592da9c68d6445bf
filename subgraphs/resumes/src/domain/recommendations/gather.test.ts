import { gather, MAX_CANDIDATES } from './gather.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

describe('R5 candidates', () => {
  const kept = (all: readonly string[], isWanted: (id: string) => boolean) =>
    gather(
      (depth) => Promise.resolve(all.slice(0, depth)),
      (some) => Promise.resolve(some.filter(isWanted)),
    );

  it('are full although most of a ranking is not what was wished for', async () => {
    const found = await kept(ids(5_000), (id) => Number(id) % 7 === 0);
    expect(found).toEqual(ids(MAX_CANDIDATES).map((n) => `${Number(n) * 7}`));
  });

  it('are all there are, each once', async () => {
    expect(await kept(ids(150), () => true)).toEqual(ids(150));
    expect(await kept([], () => true)).toEqual([]);
    expect((await kept(ids(5_000), () => true)).length).toBe(MAX_CANDIDATES);
  });

  it('are looked for no deeper than 1,600', async () => {
    let deepest = 0;
    const found = await gather(
      (depth) => Promise.resolve(ids(depth)),
      (some) => {
        deepest = Math.max(deepest, ...some.map(Number));
        return Promise.resolve([]);
      },
    );
    expect([found, deepest]).toEqual([[], 1_599]);
  });
});

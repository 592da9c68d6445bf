import { byCloseness, withChanged, type Neighbour } from './similar-list.js';

const LENGTH = 4;
const KNOWN_FROM = 0.3;

/** A world of templates with a closeness for each pair. */
class World {
  readonly ids = Array.from({ length: 12 }, (_, index) => `t${index}`);
  readonly active = new Set(this.ids);
  readonly #scores = new Map<string, number>();
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    for (const id of this.ids) this.move(id);
  }

  random(): number {
    this.#seed = (this.#seed * 16_807) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }

  /** Few different scores, so that many are equally close. */
  move(id: string): void {
    for (const other of this.ids) this.#scores.set([id, other].sort().join(), Math.round(this.random() * 12) / 12);
  }

  around(id: string): Neighbour[] {
    return this.ids
      .filter((other) => other !== id && this.active.has(other))
      .map((other) => ({ id: other, score: this.#scores.get([id, other].sort().join()) ?? 0 }))
      .filter(({ score }) => score >= KNOWN_FROM)
      .sort(byCloseness);
  }

  list(id: string): Neighbour[] {
    return this.around(id).slice(0, LENGTH);
  }
}

describe('withChanged', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    'gives the list that a look-up would find, or says that it takes one: world %i',
    (seed) => {
      const world = new World(seed);
      const lists = new Map(world.ids.map((id) => [id, world.list(id)]));
      let told = 0;
      for (let change = 0; change < 30; change++) {
        const id = world.ids[Math.floor(world.random() * world.ids.length)]!;
        if (world.random() < 0.2) {
          if (!world.active.delete(id)) world.active.add(id);
        } else world.move(id);
        const changed = { id, isActive: world.active.has(id), around: world.around(id) };
        for (const owner of world.ids.filter((one) => one !== id)) {
          const after = withChanged(lists.get(owner)!, owner, changed, LENGTH);
          if (after) told++;
          if (after && world.active.has(owner)) expect([...after].sort(byCloseness)).toEqual(world.list(owner));
          lists.set(owner, world.list(owner));
        }
        lists.set(id, world.list(id));
      }
      expect(told).toBeGreaterThan(150);
    },
  );

  const list = [
    { id: 'a', score: 0.9 },
    { id: 'b', score: 0.8 },
    { id: 'c', score: 0.7 },
    { id: 'd', score: 0.6 },
  ];
  const changed = (id: string, score: number | undefined) => ({
    id,
    isActive: true,
    around: score === undefined ? [] : [{ id: 'owner', score }],
  });

  it('lets one in that is closer than the last, and the last one out', () => {
    expect(withChanged(list, 'owner', changed('x', 0.75), LENGTH)!.map(({ id }) => id)).toEqual(['a', 'b', 'x', 'c']);
    expect(withChanged(list, 'owner', changed('x', 0.5), LENGTH)).toBe(list);
  });

  it('cannot tell who follows one that leaves a full list or falls to its end', () => {
    expect(withChanged(list, 'owner', changed('b', undefined), LENGTH)).toBeUndefined();
    expect(withChanged(list, 'owner', changed('b', 0.5), LENGTH)).toBeUndefined();
    expect(withChanged(list, 'owner', changed('b', 0.6), LENGTH)).toBeUndefined(); // somebody outside may be just as close
    expect(withChanged(list, 'owner', changed('b', 0.65), LENGTH)!.map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
  });
});

import { createRandom } from './random.ts';

const draw = (random: ReturnType<typeof createRandom>, count = 5): number[] => Array.from({ length: count }, () => random.next());

describe('createRandom', () => {
  it('repeats with the seed and differs with another', () => {
    expect(draw(createRandom(1))).toEqual(draw(createRandom(1)));
    expect(draw(createRandom(1))).not.toEqual(draw(createRandom(2)));
  });

  it('forks generators that do not disturb each other', () => {
    const first = createRandom(1);
    draw(first);
    expect(draw(first.fork('writers'))).toEqual(draw(createRandom(1).fork('writers')));
    expect(draw(createRandom(1).fork('kills'))).not.toEqual(draw(createRandom(1).fork('writers')));
  });

  it('spreads evenly, both ends of a range included', () => {
    const random = createRandom(3);
    const counts = [0, 0, 0, 0];
    for (let draws = 0; draws < 4_000; draws++) counts[random.integer(1, 4) - 1]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('picks from what there is', () => {
    expect(createRandom(1).pick(['only'])).toBe('only');
    expect(() => createRandom(1).pick([])).toThrow('nothing to pick');
  });
});

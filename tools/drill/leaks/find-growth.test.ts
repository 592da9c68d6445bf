import { createRandom } from '../../harness/random.ts';
import { describeLeaks, findGrowth } from './find-growth.ts';
import type { Sample } from './sample.ts';

const idle: Sample = { heapMb: 60, externalMb: 8, rssMb: 200, handles: 12, openFiles: 40, childProcesses: 2 };
const random = createRandom(1);

const run = (count: number, sampleAt: (index: number) => Partial<Sample>): readonly string[] =>
  describeLeaks(findGrowth(Array.from({ length: count }, (_, index) => ({ ...idle, ...sampleAt(index) }))));

describe('findGrowth', () => {
  it('takes noise for noise', () => {
    const noisy = (): Partial<Sample> => ({
      heapMb: 60 + random.next() * 2,
      rssMb: 200 + random.next() * 30,
      childProcesses: random.integer(1, 3),
      openFiles: random.integer(38, 42),
    });
    for (const count of [6, 50]) expect(run(count, noisy)).toEqual([]);
  });

  it.each([6, 50])('sees heap that grows a little with each of %i samples, under noise', (count) => {
    const leaks = run(count, (index) => ({ heapMb: 60 + (index * 6) / (count - 1) + random.next() }));
    expect(leaks).toEqual([expect.stringMatching(/^heap after garbage collection, MB: grew by [56]\.\d over the run/)]);
  });

  it.each([
    ['planner processes that stay', 'childProcesses'],
    ['sockets that stay open', 'openFiles'],
    ['handles that stay', 'handles'],
    ['buffers that stay', 'externalMb'],
  ] as const)('sees %s, three a reload', (_what, of) => {
    expect(run(6, (index) => ({ [of]: idle[of] + index * 3 }))).toHaveLength(1);
  });

  it('sees resident memory without bound where the heap is flat', () => {
    expect(run(50, (index) => ({ rssMb: 200 + index * 2 }))).toEqual([expect.stringContaining('resident memory')]);
  });

  it('forgives what is loaded once, and what shrinks', () => {
    expect(run(50, (index) => ({ heapMb: index < 3 ? 60 : 70 }))).toEqual([]);
    expect(run(50, (index) => ({ heapMb: 90 - index }))).toEqual([]);
  });

  it('leaves out what this system does not tell', () => {
    const samples = Array.from({ length: 6 }, () => ({ ...idle, openFiles: Number.NaN, childProcesses: Number.NaN }));
    expect(findGrowth(samples).map(({ limit }) => limit.of)).toEqual(['heapMb', 'externalMb', 'rssMb', 'handles']);
  });
});

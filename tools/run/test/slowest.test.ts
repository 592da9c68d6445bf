import { renderSlowest } from './slowest.ts';

const suite = (name: string, seconds: number, ...durations: (number | null)[]) => ({
  name: `/repo/${name}`,
  status: 'passed',
  startTime: 1000,
  endTime: 1000 + seconds * 1000,
  assertionResults: durations.map((duration) => ({ status: 'passed', duration })),
});

describe('slowest suites', () => {
  it('come first, with what their tests do not account for', () => {
    expect(renderSlowest([suite('a.test.ts', 1, 400), suite('b.test.ts', 12.5, 4000, null, 500)], '/repo').split('\n')).toEqual([
      'Slowest suites (in all, outside tests):',
      '    12.5 s     8.0 s  b.test.ts',
      '     1.0 s     0.6 s  a.test.ts',
    ]);
  });

  it('are a few', () => {
    expect(
      renderSlowest(
        Array.from({ length: 40 }, (_, i) => suite(`${i}.test.ts`, i)),
        '/repo',
      ).split('\n'),
    ).toHaveLength(16);
  });
});

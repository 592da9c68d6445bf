import { coverageByRoom, renderCoverage, shortfalls, type CoverageSummary } from './coverage.ts';

const lines = (covered: number, total: number) => ({ lines: { covered, total } });
const summary: CoverageSummary = {
  total: lines(1, 1),
  '/repo/shared/core/src/a.ts': lines(9, 10),
  '/repo/shared/core/src/b.ts': lines(0, 10),
  '/repo/shared/sync/src/c.ts': lines(80, 80),
  '/repo/subgraphs/templates/src/d.ts': lines(7, 10),
  '/repo/subgraphs/templates/src/types.ts': lines(0, 0),
  '/repo/gateway/src/main.ts': lines(0, 10),
};

describe('coverage by room', () => {
  it('adds up rooms and their packages, and leaves out what is not measured', () => {
    expect(coverageByRoom(summary, '/repo').map(({ room, covered, total }) => [room, covered, total])).toEqual([
      ['shared', 89, 100],
      ['shared/core', 9, 20],
      ['shared/sync', 80, 80],
      ['subgraphs', 7, 10],
      ['subgraphs/templates', 7, 10],
    ]);
  });

  it('holds rooms, not their packages, to the least share', () => {
    expect(shortfalls(coverageByRoom(summary, '/repo')).map(({ room }) => room)).toEqual(['subgraphs']);
  });

  it('prints a line for each', () => {
    expect(renderCoverage(coverageByRoom(summary, '/repo'))).toContain('    shared/core            45.0 %  9/20');
  });
});

import type { SeedOutcome } from './outcome.ts';
import { exitCodeOf } from './outcome.ts';
import { createReport, renderSummary } from './report.ts';

const outcome: SeedOutcome = {
  file: 'f',
  target: 't',
  dryRun: false,
  rows: 5,
  created: 1,
  updated: 2,
  unchanged: 1,
  categoriesCreated: 0,
  rejected: 1,
  resumedRows: 0,
  seconds: 1.25,
  rejects: [],
  ignoredColumns: [],
  interrupted: false,
};

describe('the report of a run', () => {
  it('ends in a table', () => {
    expect(renderSummary(outcome)).toMatch(
      /rows read.*created.*updated.*unchanged.*rejected.*seconds[\s\S]*5 │\s+1 │\s+2 │\s+1 │\s+1 │\s+1\.3/,
    );
    expect(renderSummary({ ...outcome, failure: { code: 'FORBIDDEN', message: 'no', rows: [1, 100] } })).toContain(
      'the batch of rows 1 to 100 was refused (FORBIDDEN): no',
    );
  });

  it('draws a bar on a terminal, and a line a second elsewhere', () => {
    const terminal: string[] = [];
    const report = createReport({ out: { write: () => undefined }, err: { write: (text) => terminal.push(text), isTTY: true } });
    report.progress({ rows: 50, total: 100 });
    report.reject({ row: 3, line: 4, key: 'a', problems: ['x', 'y'] });
    expect(terminal.join('')).toBe(
      `\r\u001b[K[${'#'.repeat(15)}${' '.repeat(15)}] 50 of 100 rows\r\u001b[Krejected row 3 (line 4), a: x; y\n`,
    );

    let now = 0;
    const lines: string[] = [];
    const plain = createReport({ out: { write: () => undefined }, err: { write: (text) => lines.push(text) }, now: () => now });
    for (now of [100, 1_100, 1_200, 2_500]) plain.progress({ rows: now, total: undefined });
    expect(lines).toEqual(['1100 rows\n', '2500 rows\n']);
  });

  it('exits with 1 for rejected rows unless they are allowed, and for failures', () => {
    expect(exitCodeOf(outcome, { allowRejects: false })).toBe(1);
    expect(exitCodeOf(outcome, { allowRejects: true })).toBe(0);
    expect(exitCodeOf({ ...outcome, failure: { code: 'X', message: '' } }, { allowRejects: true })).toBe(1);
    expect(exitCodeOf({ ...outcome, interrupted: true }, { allowRejects: true })).toBe(130);
  });
});

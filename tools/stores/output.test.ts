import { renderExports } from './env.ts';
import { createProgress } from './progress.ts';
import { renderTable } from './table.ts';

describe('renderExports', () => {
  it('quotes what a shell would take apart', () => {
    expect(renderExports({ S3_URL: "http://h/b?a=1&b='2'" })).toBe(`export S3_URL='http://h/b?a=1&b='\\''2'\\'''\n`);
  });
});

describe('createProgress', () => {
  it('tells the seconds since the start', () => {
    const lines: string[] = [];
    const times = [1_000, 13_340, 14_000];
    const progress = createProgress(
      (line) => lines.push(line),
      () => times.shift() ?? 0,
    );
    progress.step('neo4j', 'starting …');
    expect(lines).toEqual(['  12.3 s  neo4j           starting …\n']);
    expect(progress.elapsedSeconds()).toBe('13.0');
  });
});

describe('renderTable', () => {
  it('aligns columns and leaves no space at the end of a line', () => {
    expect(
      renderTable(
        ['store', 'port'],
        [
          ['s3', '-'],
          ['postgres', '20000'],
        ],
      ),
    ).toBe('store     port\ns3        -\npostgres  20000\n');
  });
});

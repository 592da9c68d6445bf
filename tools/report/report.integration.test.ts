import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReport, writeReport } from './report.ts';

describe('writeReport', () => {
  it('makes the folder', () => {
    const dir = mkdtempSync(join(tmpdir(), 'report-'));
    const path = join(dir, 'not', 'there', 'yet.json');
    writeReport(
      path,
      createReport(
        { figures: [{ name: 'list.p95Ms.real', value: 12.34567, meaning: 'a page' }], notes: [], failures: [] },
        { command: 'bench templates', at: new Date() },
      ),
    );
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ figures: { 'list.p95Ms.real': 12.346 }, command: 'bench templates' });
    rmSync(dir, { recursive: true });
  });
});

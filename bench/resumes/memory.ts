import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../tools/report/machine.ts';
import { percentile } from '../../tools/report/percentile.ts';
import type { Measured } from './measured.ts';

export type MemoryWay = 'ours' | 'unpdf';

/** What one process says. */
export interface MemoryReport {
  /** What it had held at most before it began, modules included; null where that cannot be told, here and below. */
  readonly beforeMb: number | null;
  readonly peakMb: number | null;
  /** Pages whose text it did not find. */
  readonly missing: readonly string[];
}

const PAGES = 50;

/** What a process holds at most while it takes a PDF of fifty pages apart: a new one for each look, ours beside unpdf alone. */
export async function measureMemory({ rounds }: { rounds: number }): Promise<Measured> {
  const reports: Record<MemoryWay, MemoryReport[]> = { ours: [], unpdf: [] };
  for (let round = 0; round < rounds; round += 1) for (const way of ['ours', 'unpdf'] as const) reports[way].push(await look(way));
  const failures = Object.entries(reports).flatMap(([way, all]) =>
    all.flatMap(({ missing }) =>
      missing.length > 0 ? [`memory: ${way} lacks ${missing.length} of ${PAGES} pages, the first ${missing[0]}`] : [],
    ),
  );
  if (failures.length > 0) return { figures: [], notes: [], failures };
  const median = (way: MemoryWay, of: (report: MemoryReport) => number): number => percentile(reports[way].map(of), 0.5);
  const peakOf = ({ peakMb }: MemoryReport): number => peakMb ?? Number.NaN;
  const grownOf = ({ peakMb, beforeMb }: MemoryReport): number => (peakMb ?? Number.NaN) - (beforeMb ?? Number.NaN);
  return {
    // Without `/proc` there are none.
    figures: [
      {
        name: 'memory.mb50Pages',
        value: median('ours', peakOf),
        meaning: `most that a process with the resumes subgraph held, threads and modules included, over a PDF of ${PAGES} full pages`,
      },
      {
        name: 'memory.grownMb50Pages',
        value: median('ours', grownOf),
        meaning: 'of that, what the PDF added',
      },
      {
        name: 'memory.unpdfMb50Pages',
        value: median('unpdf', peakOf),
        meaning: 'a process with unpdf alone over the same PDF',
      },
      {
        name: 'memory.unpdfGrownMb50Pages',
        value: median('unpdf', grownOf),
        meaning: 'of that, what the PDF added',
      },
    ].filter(({ value }) => !Number.isNaN(value)),
    notes: [`memory: the median of ${rounds} processes each`],
    failures,
  };
}

async function look(way: MemoryWay): Promise<MemoryReport> {
  const file = join(ROOT, 'bench/resumes/memory.main.ts');
  const { stdout } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/node'), [file, way, String(PAGES)], { cwd: ROOT });
  return JSON.parse(stdout) as MemoryReport; // written by memory.main.ts
}

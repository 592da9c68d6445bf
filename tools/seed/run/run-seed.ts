import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig, type Environment } from '@loomgraph/config';
import { processConfig, type ProcessConfig } from '@loomgraph/gateway/process';
import type { SeedOptions } from '../args.ts';
import { toBatches } from '../rows/batches.ts';
import { checkRows, type GoodRow, type Reject } from '../rows/check-rows.ts';
import { createRowMapper, type RowMapper } from '../rows/map-row.ts';
import { readMapping, type Mapping } from '../rows/mapping.ts';
import { hashFile, openSource } from '../source/open-source.ts';
import type { Source } from '../source/source-row.ts';
import { openTarget } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { importBatches, type ImportResult } from './import-batches.ts';
import type { SeedOutcome } from './outcome.ts';
import { createProgressFile, noProgressFile, type ProgressFile } from './progress-file.ts';
import type { Report } from './report.ts';

const IN_MEMORY = 'memory://';
/** A request's body stays below the gateway's limit by this share. */
const BODY_SHARE = 0.9;

interface Tally {
  rows: number;
  readonly rejects: Reject[];
}

/** Reads, checks and sends a file. @throws CommandFailure for what a person can mend */
export async function runSeed(
  options: SeedOptions,
  context: { env: Environment; report: Report; signal: AbortSignal },
): Promise<SeedOutcome> {
  const startedAt = performance.now();
  const { report, signal } = context;
  const config = loadConfig(processConfig, context.env);
  const mapping = options.mapping === undefined ? {} : await readMapping(options.mapping);
  const source = await openSource(options.file, options.path);
  const isText = source.kind === 'csv';
  const mapper = createRowMapper({ mapping, set: options.set, isText });
  const maxBytes = Math.floor(config.server.maxBodyBytes * BODY_SHARE);
  const tally: Tally = { rows: 0, rejects: [] };
  const batches = ({ isCounted }: { isCounted: boolean }): AsyncIterable<readonly GoodRow[]> => {
    const seen = isCounted ? mapper : createRowMapper({ mapping, set: options.set, isText });
    return readBatches(source, { mapper: seen, size: options.batch, maxBytes, ...(isCounted ? { tally, report } : {}) });
  };

  const { target, result } = await (options.dryRun ? readOnly(batches) : write());
  if (mapper.ignoredColumns().length > 0) report.note(`ignored columns: ${mapper.ignoredColumns().join(', ')}`);
  if (mapper.missingColumns().length > 0) report.note(`columns of the mapping that no row has: ${mapper.missingColumns().join(', ')}`);
  const outcome: SeedOutcome = {
    file: options.file,
    target,
    dryRun: options.dryRun,
    rows: tally.rows,
    ...result.counts,
    rejected: tally.rejects.length,
    resumedRows: result.resumedRows,
    seconds: Math.round(performance.now() - startedAt) / 1_000,
    rejects: tally.rejects,
    ignoredColumns: mapper.ignoredColumns(),
    interrupted: result.interrupted,
    ...(result.failure ? { failure: result.failure } : {}),
  };
  report.summary(outcome);
  if (options.json !== undefined) await writeJson(options.json, outcome);
  return outcome;

  async function write(): Promise<{ target: string; result: ImportResult }> {
    await using target = await openTarget({ config, ...options });
    report.note(`${options.file} → ${target.name}`);
    const progress = await openProgress({ options, config, mapping, target, maxBytes });
    const { createCategories, restart } = options;
    const onBatch = (): void => report.progress({ rows: tally.rows, total: source.total });
    const result = await importBatches({ batches, target, createCategories, progress, restart, signal, onBatch });
    if (!result.failure && !result.interrupted && !(await target.settle()))
      report.note('The search and the graph are still catching up; they go on when Loomgraph runs again.');
    return { target: target.name, result };
  }
}

async function* readBatches(
  source: Source,
  options: { mapper: RowMapper; size: number; maxBytes: number; tally?: Tally; report?: Report },
): AsyncGenerator<readonly GoodRow[]> {
  const { tally, report } = options;
  const onReject = (reject: Reject): void => {
    tally?.rejects.push(reject);
    report?.reject(reject);
  };
  const onRow = (): void => {
    if (tally) tally.rows++;
  };
  yield* toBatches(checkRows(source.rows(), { mapper: options.mapper, onRow, onReject }), {
    size: options.size,
    maxBytes: options.maxBytes,
    onReject,
  });
}

async function readOnly(
  batches: (options: { isCounted: boolean }) => AsyncIterable<unknown>,
): Promise<{ target: string; result: ImportResult }> {
  for await (const _batch of batches({ isCounted: true }));
  return {
    target: 'none',
    result: { counts: { created: 0, updated: 0, unchanged: 0, categoriesCreated: 0 }, resumedRows: 0, interrupted: false },
  };
}

async function openProgress(run: {
  options: SeedOptions;
  config: ProcessConfig;
  mapping: Mapping;
  target: Target;
  maxBytes: number;
}): Promise<ProgressFile> {
  const { options, config, mapping, target, maxBytes } = run;
  const { dataDir } = config.stores;
  if (dataDir === IN_MEMORY) return noProgressFile;
  const { set, path, batch, createCategories } = options;
  const identity = { content: await hashFile(options.file), mapping, set, path, batch, maxBytes, createCategories, target: target.name };
  return createProgressFile({ dir: join(resolve(dataDir), 'seed'), identity });
}

async function writeJson(file: string, outcome: SeedOutcome): Promise<void> {
  const text = `${JSON.stringify(outcome, null, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else await writeFile(file, text);
}

import { existsSync } from 'node:fs';
import { ROOT } from './machine.ts';
import { parseInvocation, type CommandDefinition, type RunOptions } from './options.ts';
import type { Outcome } from './outcome.ts';
import { createReport, renderOutcome, writeReport } from './report.ts';

export type Run = (options: RunOptions, context: RunContext) => Promise<Outcome>;

export interface RunContext {
  /** Given back in reverse order at the end, also after Ctrl-C: processes, folders, databases. */
  readonly resources: AsyncDisposableStack;
  /** Says what is going on, on stderr. */
  say(line: string): void;
}

/** A bench, drill or evaluation: loaded only when it is run, so that the list is there before anything is built. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Its cases (scenarios of a bench) have names, which `--only` takes; those of others have numbers. */
  readonly hasNamedCases?: boolean;
  load(): Promise<Run>;
}

const FAILED = 1;
const USAGE_ERROR = 2;
const INTERRUPTED = 130;

/** Runs `npm run bench`, `npm run drill` or `npm run eval`. @returns the exit code */
export async function runCommand(
  definition: CommandDefinition & { readonly entries: readonly Entry[]; readonly args: readonly string[] },
): Promise<number> {
  const { command, entries, args } = definition;
  let invocation;
  try {
    invocation = parseInvocation(args, definition);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage(definition)}`);
    return USAGE_ERROR;
  }
  if (invocation.kind === 'help' || invocation.name === undefined) {
    process.stdout.write(usage(definition));
    return 0;
  }
  const { name, json, options } = invocation;
  const entry = entries.find((one) => one.name === name);
  if (!entry) {
    process.stderr.write(`There is no ${command} "${name}".\n\n${usage(definition)}`);
    return USAGE_ERROR;
  }
  if (entry.hasNamedCases === true ? options.only !== undefined : options.onlyCases !== undefined) {
    process.stderr.write(
      `--only takes ${entry.hasNamedCases === true ? 'names of cases' : 'the number of a case'} of ${command} "${name}".\n`,
    );
    return USAGE_ERROR;
  }
  if (!existsSync(`${ROOT}/gateway/dist/main.js`)) {
    process.stderr.write('The project is not built. Run: npm run build\n');
    return FAILED;
  }
  const startedAt = new Date();
  let outcome: Outcome;
  try {
    outcome = await runEntry(entry, options);
  } catch (error) {
    process.stderr.write(
      `\n✗ ${command} ${name} could not be finished.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return FAILED;
  }
  process.stdout.write(`${renderOutcome(outcome)}\n`);
  if (json !== undefined) writeReport(json, createReport(outcome, { command: `${command} ${args.join(' ')}`, at: startedAt }));
  return outcome.failures.length === 0 ? 0 : FAILED;
}

async function runEntry(entry: Entry, options: RunOptions): Promise<Outcome> {
  const resources = new AsyncDisposableStack();
  const interrupt = (): void => {
    process.stderr.write('\nInterrupted: cleaning up …\n');
    void resources.disposeAsync().finally(() => process.exit(INTERRUPTED));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const startedAt = performance.now();
  const say = (line: string): void =>
    void process.stderr.write(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
  try {
    const run = await entry.load();
    return await run(options, { resources, say });
  } finally {
    await resources.disposeAsync();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function usage({ command, entries, stores }: CommandDefinition & { readonly entries: readonly Entry[] }): string {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return [
    `npm run ${command} -- <name> [--json FILE] [--short] [--stores ${stores.join('|')}] [--seed N]${command === 'bench' ? ' [--strict] [--only CASE,…]' : command === 'drill' ? ' [--only N|CASE,…]' : ''}`,
    '',
    ...entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
  ].join('\n');
}

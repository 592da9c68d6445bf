import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** What every command takes. */
export interface CommonOptions {
  /** The gateway; HOST and PORT name the default. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** One JSON document on stdout, for programs. */
  readonly json: boolean;
}

export interface CheckOptions {
  readonly subgraph: string;
  readonly projection: string | undefined;
  readonly id: readonly string[];
  readonly depth: 'REVISIONS' | 'FINGERPRINTS' | 'CONTENT';
}

export interface LetterOptions {
  readonly subgraph: string | undefined;
  readonly source: string | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
}

export type SyncCommand =
  | { readonly kind: 'status'; readonly subgraph: string | undefined }
  | ({ readonly kind: 'check' | 'repair'; readonly wait: boolean } & CheckOptions)
  | {
      readonly kind: 'rebuild';
      readonly subgraph: string;
      readonly projection: string;
      readonly id: readonly string[];
      readonly changedOnly: boolean;
      readonly wait: boolean;
    }
  | {
      readonly kind: 'replay';
      readonly subgraph: string;
      readonly consumer: string;
      readonly since: Date | undefined;
      readonly wait: boolean;
    }
  | { readonly kind: 'jobs'; readonly first: number }
  | { readonly kind: 'cancel'; readonly id: string }
  | ({ readonly kind: 'letters'; readonly first: number } & LetterOptions)
  | { readonly kind: 'letter'; readonly id: string }
  | ({ readonly kind: 'retry'; readonly ids: readonly string[]; readonly all: boolean } & LetterOptions)
  | { readonly kind: 'discard'; readonly ids: readonly string[]; readonly reason: string };

export type Invocation =
  | { readonly kind: 'run'; readonly command: SyncCommand; readonly common: CommonOptions }
  | { readonly kind: 'exit'; readonly code: number };

const collect = (value: string, known: readonly string[]): readonly string[] => [...known, value];

/** Reads the arguments; help and complaints are printed by the library. */
export function parseArguments(args: readonly string[], write?: { out: (text: string) => void; err: (text: string) => void }): Invocation {
  const program = new Command('sync').description('Shows and commands the sync engines of a running Loomgraph.');
  let command: SyncCommand | undefined;
  const take = (next: SyncCommand): void => void (command = next);

  program
    .command('status')
    .description('how far every projection is behind, and how true')
    .option('--subgraph <name>')
    .action((options) => take({ kind: 'status', ...options }));
  for (const kind of ['check', 'repair'] as const) {
    program
      .command(kind)
      .description(kind === 'check' ? 'compares projections with their records' : 'compares, and writes anew what differs')
      .option('--subgraph <name>', 'the subgraph', 'templates')
      .option('--projection <name>', 'only this one')
      .option('--id <id>', 'only this record; may be repeated', collect, [])
      .addOption(new Option('--depth <how>', 'how closely').choices(['revisions', 'fingerprints', 'content']).default('content'))
      .option('--no-wait', 'do not wait for its end')
      .action(({ depth, ...options }) => take({ kind, ...options, depth: depth.toUpperCase() }));
  }
  program
    .command('rebuild')
    .description('writes every document of a projection anew, each in its place')
    .argument('<projection>')
    .option('--subgraph <name>', 'the subgraph', 'templates')
    .option('--id <id>', 'only this record; may be repeated', collect, [])
    .option('--changed-only', 'leave alone what a record still derives to', false)
    .option('--no-wait', 'do not wait for its end')
    .action((projection, options) => take({ kind: 'rebuild', projection, ...options }));
  program
    .command('replay')
    .description('hands a consumer its events again')
    .argument('<consumer>')
    .option('--subgraph <name>', 'the subgraph', 'templates')
    .option('--since <time>', 'from when, ISO 8601; from the first that is left when not given', toDate)
    .option('--no-wait', 'do not wait for its end')
    .action((consumer, options) => take({ kind: 'replay', consumer, ...options }));
  program
    .command('jobs')
    .description('jobs, newest first')
    .option('--first <n>', 'how many, 1 to 100', toCount, 20)
    .action((options) => take({ kind: 'jobs', ...options }));
  program
    .command('cancel')
    .description('stops a job')
    .argument('<job>')
    .action((id, options) => take({ kind: 'cancel', id, ...options }));

  const letters = program.command('dead-letters').description('what failed for good');
  withFilter(
    letters.command('list', { isDefault: true }).description('newest first').option('--first <n>', 'how many, 1 to 100', toCount, 20),
  ).action((options) => take({ kind: 'letters', ...options }));
  letters
    .command('show')
    .description('one, with what would have been stored')
    .argument('<letter>')
    .action((id, options) => take({ kind: 'letter', id, ...options }));
  withFilter(
    letters.command('retry').description('tries letters again').argument('[letters...]').option('--all', 'all that match', false),
  ).action((ids: readonly string[], options, self: Command) => {
    if (ids.length > 0 === options.all) self.error('error: name letters, or all with --all', { exitCode: 2 });
    take({ kind: 'retry', ids, ...options });
  });
  letters
    .command('discard')
    .description('gives letters up')
    .argument('<letters...>')
    .requiredOption('--reason <text>', 'why; it is kept')
    .action((ids, options) => take({ kind: 'discard', ids, ...options }));

  // Not of `dead-letters` itself: it would keep them from `list`, which it is short for.
  for (const one of [...program.commands, ...letters.commands]) if (one !== letters) withCommon(one);
  for (const one of [program, ...program.commands, ...letters.commands]) {
    one.exitOverride();
    if (write) one.configureOutput({ writeOut: write.out, writeErr: write.err });
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
  if (!command) return { kind: 'exit', code: 2 };
  const { url, token, json, ...rest } = command as SyncCommand & CommonOptions;
  return { kind: 'run', command: rest, common: { url, token, json } };
}

function withCommon(command: Command): void {
  command
    .option('--url <url>', 'the gateway; HOST and PORT name the default')
    .option('--token <jwt>', 'access token of an administrator; signed with the development secret when left out')
    .option('--json', 'one JSON document, for programs', false);
}

function withFilter(command: Command): Command {
  return command
    .option('--subgraph <name>', 'of this subgraph')
    .option('--source <name>', 'of this projection or consumer')
    .option('--type <name>', 'of this record or event type')
    .option('--code <code>', 'with this code');
}

function toCount(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 100) throw new InvalidArgumentError('expected 1 to 100');
  return Number(text);
}

function toDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('expected a time such as 2026-01-31T08:00:00Z');
  return date;
}

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** What every command takes. */
export interface CommonOptions {
  /** The gateway; HOST and PORT name the default. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** For programs: one JSON document, or one a line for `export`. */
  readonly json: boolean;
}

export interface AuditFilter {
  readonly actorId?: string;
  readonly action?: string;
  readonly outcome?: 'ALLOWED' | 'DENIED' | 'FAILED';
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly since?: Date;
  readonly until?: Date;
}

export type AuditCommand = CommonOptions &
  (
    | { readonly kind: 'verify'; readonly from: number }
    | { readonly kind: 'list'; readonly first: number; readonly filter: AuditFilter }
    | { readonly kind: 'export'; readonly filter: AuditFilter }
  );

export type Invocation = { readonly kind: 'run'; readonly command: AuditCommand } | { readonly kind: 'exit'; readonly code: number };

/** Reads the arguments; help and complaints are printed by the library. */
export function parseArguments(args: readonly string[], write?: { out: (text: string) => void; err: (text: string) => void }): Invocation {
  const program = new Command('audit').description('Shows and verifies the audit log of a running Loomgraph.');
  let command: AuditCommand | undefined;
  const take = (next: AuditCommand): void => void (command = next);
  program
    .command('verify')
    .description(
      'looks for entries that were edited, deleted, inserted or moved, and for an end that was cut off; exits with 1 where it finds some',
    )
    .option('--from <n>', 'begin with this entry', toPositive, 1)
    .action((options) => take({ kind: 'verify', ...options }));
  withFilter(program.command('list').description('entries, newest first').option('--first <n>', 'how many, 1 to 100', toCount, 20)).action(
    ({ url, token, json, first, ...filter }) => take({ kind: 'list', url, token, json, first, filter }),
  );
  withFilter(program.command('export').description('all entries that match, newest first, one JSON document a line')).action(
    ({ url, token, json, ...filter }) => take({ kind: 'export', url, token, json, filter }),
  );
  for (const one of [program, ...program.commands]) {
    if (one !== program) withCommon(one);
    one.exitOverride();
    if (write) one.configureOutput({ writeOut: write.out, writeErr: write.err });
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
  return command ? { kind: 'run', command } : { kind: 'exit', code: 2 };
}

function withCommon(command: Command): void {
  command
    .option('--url <url>', 'the gateway; HOST and PORT name the default')
    .option('--token <jwt>', 'access token of an administrator; signed with the development secret when left out')
    .option('--json', 'for programs', false);
}

function withFilter(command: Command): Command {
  return command
    .option('--actor-id <id>', 'by this user')
    .option('--action <name>', 'this action, as users.login')
    .addOption(new Option('--outcome <how>', 'how it ended').choices(['allowed', 'denied', 'failed']).argParser(toOutcome))
    .option('--resource-type <name>', 'to resources of this type')
    .option('--resource-id <id>', 'to this resource')
    .option('--since <time>', 'from this time on, ISO 8601', toDate)
    .option('--until <time>', 'before this time, ISO 8601', toDate);
}

function toOutcome(text: string): string {
  if (!['allowed', 'denied', 'failed'].includes(text)) throw new InvalidArgumentError('expected allowed, denied or failed');
  return text.toUpperCase();
}

function toCount(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 100) throw new InvalidArgumentError('expected 1 to 100');
  return Number(text);
}

function toPositive(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(text);
}

function toDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('expected a time such as 2026-01-31T08:00:00Z');
  return date;
}

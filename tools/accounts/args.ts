import { Command, CommanderError } from 'commander';

export interface AccountsCommand {
  /** The gateway; HOST and PORT name the default. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly json: boolean;
}

export type Invocation = { readonly kind: 'run'; readonly command: AccountsCommand } | { readonly kind: 'exit'; readonly code: number };

/** Reads the arguments of `npm run accounts`; help and complaints are printed. */
export function parseArguments(args: readonly string[], write?: { out(text: string): void; err(text: string): void }): Invocation {
  const program = new Command('accounts').description('Keeps the accounts of a running Loomgraph.').exitOverride();
  let command: AccountsCommand | undefined;
  const rotate = program
    .command('rotate-keys')
    .description('makes another key sign access tokens; the one before verifies until the last token it signed has expired')
    .option('--url <url>', 'the gateway; HOST and PORT name the default')
    .option('--token <jwt>', 'access token of an administrator; signed with the development secret when left out')
    .option('--json', 'for programs', false)
    .exitOverride()
    .action(({ url, token, json }: AccountsCommand) => void (command = { url, token, json }));
  if (write) for (const one of [program, rotate]) one.configureOutput({ writeOut: write.out, writeErr: write.err });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
  return command ? { kind: 'run', command } : { kind: 'exit', code: 2 };
}

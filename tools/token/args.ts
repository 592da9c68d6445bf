import { Command, CommanderError } from 'commander';

export interface TokenOptions {
  readonly user: string;
  readonly role: readonly string[];
  readonly scope: readonly string[];
  /** As typed, `12h`. */
  readonly ttl: string;
}

export type Invocation = { readonly kind: 'run'; readonly options: TokenOptions } | { readonly kind: 'exit'; readonly code: number };

const collect = (value: string, known: readonly string[]): readonly string[] => [...known, value];

/** Reads the arguments; help and complaints are printed by the library. */
export function parseArguments(args: readonly string[], write?: { out: (text: string) => void; err: (text: string) => void }): Invocation {
  const command = new Command('token')
    .description('Prints an access token signed with JWT_SECRET or, when that is not set, the development secret in the data folder.')
    .requiredOption('--user <id>', 'who the bearer is')
    .option('--role <name>', 'a role such as admin; may be repeated', collect, [])
    .option('--scope <name>', 'a scope; may be repeated', collect, [])
    .option('--ttl <duration>', 'how long it is good for: 30m, 12h, 7d', '12h')
    .exitOverride();
  if (write) command.configureOutput({ writeOut: write.out, writeErr: write.err });
  try {
    command.parse(args, { from: 'user' });
    return { kind: 'run', options: command.opts<TokenOptions>() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
}

import { parseArgs } from 'node:util';
import { type StoreName, selectStores } from './names.ts';

export const USAGE = `Runs the stores that Loomgraph is tested against, without docker.

  npm run stores -- up      install what is missing, start what is not running, wait until it serves
  npm run stores -- down    stop; with --purge also delete the data
  npm run stores -- status  what runs, and whether it serves
  npm run stores -- env     the URLs, as lines for: eval "$(npm run --silent stores -- env)"

  --only a,b     these stores only
  --json FILE    write the outcome as JSON; "-", or no file, is stdout
  --no-fsync     up: commits do not wait for the disk (safe for a killed server, not for a killed machine); --fsync undoes it
  --purge        down: delete the data
`;

const COMMANDS = ['up', 'down', 'status', 'env'] as const;

export type CommandName = (typeof COMMANDS)[number];

export interface Invocation {
  readonly command: CommandName;
  readonly stores: readonly StoreName[];
  /** A path, or `-` for stdout. */
  readonly json: string | undefined;
  readonly fsync: boolean | undefined;
  readonly purge: boolean;
}

/** `undefined` when help is asked for. Throws on anything that is not understood. */
export function parseInvocation(args: readonly string[]): Invocation | undefined {
  const { values, positionals } = parseArgs({
    args: completeJson(args),
    allowPositionals: true,
    allowNegative: true,
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      fsync: { type: 'boolean' },
      purge: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (!command || positionals.length > 1) {
    throw new Error(`expected one of ${COMMANDS.join(', ')}; got "${positionals.join(' ')}"`);
  }
  if (values.purge && command !== 'down') throw new Error('--purge belongs to down');
  if (values.fsync !== undefined && command !== 'up') throw new Error('--fsync and --no-fsync belong to up');
  return { command, stores: selectStores(values.only), json: values.json, fsync: values.fsync, purge: values.purge ?? false };
}

/** Lets `--json` stand without a file, and with `-`, neither of which `parseArgs` takes. */
function completeJson(args: readonly string[]): string[] {
  const complete: string[] = [];
  for (const [index, arg] of args.entries()) {
    const next = args[index + 1];
    if (arg === '-' && args[index - 1] === '--json') continue;
    const hasFile = next !== undefined && !next.startsWith('-');
    complete.push(arg === '--json' && !hasFile ? '--json=-' : arg);
  }
  return complete;
}

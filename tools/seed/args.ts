import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

export interface SeedOptions {
  /** Absolute. */
  readonly file: string;
  readonly mapping: string | undefined;
  /** Constants by field, as texts. */
  readonly set: Readonly<Record<string, string>>;
  /** Dotted keys of the array in a JSON file. */
  readonly path: string | undefined;
  readonly batch: number;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly inProcess: boolean;
  readonly createCategories: boolean;
  readonly dryRun: boolean;
  readonly restart: boolean;
  readonly allowRejects: boolean;
  /** A path, or `-` for stdout. */
  readonly json: string | undefined;
}

const MAX_BATCH = 100;

const HELP = `
Columns fill the fields of the same name; a mapping file says where others come from:
  {
    "name": "title",                                          the column "title"
    "tags": { "from": "keywords", "split": "|" },             a list from a text
    "difficulty": { "from": "level", "map": { "easy": 1 }, "default": 2 },
    "estimatedTime": { "from": "minutes", "type": "number" }, or boolean, or json
    "language": { "default": "en" },                          a constant
    "content": null                                           not filled at all
  }
Fields: slug, name and category (a slug) are required; categoryName, description, content, variables, preview, isActive, tags,
industry, experienceLevel, language, version, difficulty and estimatedTime are not.

The run may be repeated: templates are recognised by slug. One that was interrupted goes on after its last batch.
Exit code: 0; 1 when a row was rejected or the run failed; 2 for arguments that are not understood; 130 when interrupted.
`;

export type Invocation = { readonly kind: 'run'; readonly options: SeedOptions } | { readonly kind: 'exit'; readonly code: number };

/** Reads the arguments; help and complaints are printed by the library. Relative paths start at `cwd`. */
export function parseArguments(
  args: readonly string[],
  cwd: string,
  write?: { out: (text: string) => void; err: (text: string) => void },
): Invocation {
  const command = new Command('seed')
    .usage('FILE [options]')
    .description(
      'Loads templates from a JSON or CSV file into Loomgraph: into the gateway that answers, or else into the stores of this installation.',
    )
    .argument('<file>', 'JSON (an array, or an object with exactly one) or CSV (header row; comma, semicolon or tab)')
    .option('--mapping <file>', 'which column fills which field, see below')
    .option('--set <field=value>', 'a constant for a field, before any mapping; may be repeated', addConstant, {})
    .option('--path <keys>', 'where the array is in a JSON file: keys with dots between')
    .option('--batch <rows>', `rows of one transaction, at most ${MAX_BATCH}`, batchSize, MAX_BATCH)
    .option('--url <url>', 'the gateway; HOST and PORT name the default')
    .option('--token <jwt>', 'access token of an administrator; signed with the development secret when left out')
    .option('--in-process', 'do not look for a gateway', false)
    .option('--no-create-categories', 'refuse rows of categories that do not exist')
    .option('--dry-run', 'read and check, write nothing', false)
    .option('--restart', 'begin at the first row, whatever an interrupted run has done', false)
    .option('--allow-rejects', 'exit with 0 although rows were rejected', false)
    .option('--json <file>', 'write the outcome as JSON; "-" is stdout')
    .addHelpText('after', HELP)
    .exitOverride();
  if (write) command.configureOutput({ writeOut: write.out, writeErr: write.err });
  try {
    command.parse(args, { from: 'user' });
    const options = command.opts<Omit<SeedOptions, 'file'>>();
    if (options.inProcess && options.url !== undefined) command.error('error: --in-process and --url exclude each other');
    const absolute = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(cwd, path));
    return {
      kind: 'run',
      options: {
        ...options,
        file: resolve(cwd, command.args[0] ?? ''),
        mapping: absolute(options.mapping),
        path: options.path,
        url: options.url,
        token: options.token,
        json: options.json === '-' ? '-' : absolute(options.json),
      },
    };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
}

function addConstant(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected field=value.');
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

function batchSize(text: string): number {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > MAX_BATCH)
    throw new InvalidArgumentError(`expected a whole number from 1 to ${MAX_BATCH}.`);
  return size;
}

import { Command, CommanderError, Option } from 'commander';
import { manifestFormats, type ManifestFormat } from './manifest.ts';

export interface CheckOptions {
  /** What clients are to be given; undefined: composed from the code. */
  readonly schema: string | undefined;
  /** What clients have now. */
  readonly against: string;
  /** A folder of `.graphql` files, or a file of JSON lines. */
  readonly operations: string | undefined;
  /** Sent with requests to URLs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly json: string | undefined;
  readonly failOnDangerous: boolean;
}

export interface ManifestOptions {
  /** A folder of `.graphql` files, or a file of JSON lines. */
  readonly operations: string;
  /** Undefined: printed. */
  readonly out: string | undefined;
  readonly format: ManifestFormat;
}

export type Invocation =
  | { readonly kind: 'check'; readonly options: CheckOptions }
  | { readonly kind: 'manifest'; readonly options: ManifestOptions }
  | { readonly kind: 'exit'; readonly code: number };

export const SERVED_SCHEMA = 'gateway/api.graphql';

interface Given {
  readonly schema?: string;
  readonly against: string;
  readonly operations?: string;
  readonly header: readonly string[];
  readonly json?: string;
  readonly failOnDangerous?: boolean;
}

const collect = (value: string, known: readonly string[]): readonly string[] => [...known, value];
const EXIT_CODES = `
Exit codes: 0 nothing breaks, or with --operations nothing that is used; 1 something does; 2 something could not be read.

  npm run schema -- check
  npm run schema -- check --against git:main --operations recorded.jsonl
  npm run schema -- check --schema supergraph.graphql --against https://api.example/graphql --header "authorization: Bearer …"`;

/** Reads the arguments; help and complaints are printed by the library. */
export function parseArguments(args: readonly string[], write?: { out: (text: string) => void; err: (text: string) => void }): Invocation {
  let invocation: Invocation | undefined;
  const program = new Command('schema').description('What the schema means to its clients, and what they ask of it.').exitOverride();
  const check = program
    .command('check')
    .description('Breaking and dangerous changes of the schema that clients see.')
    .option('--against <place>', 'what clients have now: a file, the URL of a GraphQL endpoint, or git:REVISION', SERVED_SCHEMA)
    .option(
      '--schema <place>',
      'what they are to get: a file of a supergraph or API schema, or a URL; composed from the code when left out',
    )
    .option('--operations <path>', 'what they ask: a folder of .graphql files, or a file of JSON lines (see RECORD_OPERATIONS)')
    .option('--header <header>', 'sent to URLs, "name: value"; may be repeated', collect, [])
    .option('--fail-on-dangerous', 'exit 1 for dangerous changes, too')
    .option('--json <file>', 'write the report there, too')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .action((given: Given) => {
      const options = {
        schema: given.schema,
        against: given.against,
        operations: given.operations,
        headers: Object.fromEntries(given.header.map(toHeader)),
        json: given.json,
        failOnDangerous: given.failOnDangerous ?? false,
      };
      invocation = { kind: 'check', options };
    });
  const manifest = program
    .command('manifest')
    .description('A manifest of trusted documents (TRUSTED_DOCUMENTS) of what clients ask; ids are the SHA-256 of the texts.')
    .requiredOption('--operations <path>', 'a folder of .graphql files, or a file of JSON lines (see RECORD_OPERATIONS)')
    .option('--out <file>', 'where to write it; printed when left out')
    .addOption(
      new Option('--format <format>', "apollo: Apollo's; texts: an object of texts by id").choices(manifestFormats).default('apollo'),
    )
    .exitOverride()
    .action(({ operations, out, format }: ManifestOptions) => {
      invocation = { kind: 'manifest', options: { operations, out, format } };
    });
  if (write) for (const command of [program, check, manifest]) command.configureOutput({ writeOut: write.out, writeErr: write.err });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2 };
  }
  return invocation ?? { kind: 'exit', code: 2 };
}

function toHeader(header: string): [string, string] {
  const [name = '', ...value] = header.split(':');
  return [name.trim().toLowerCase(), value.join(':').trim()];
}

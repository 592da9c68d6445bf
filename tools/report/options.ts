import { parseArgs } from 'node:util';

export type StoresKind = 'embedded' | 'real';

export interface RunOptions {
  /** A smaller run, for trying out and for CI: the same checks, figures that mean less. */
  readonly short: boolean;
  readonly stores: readonly StoresKind[];
  readonly seed: number;
  /** Missed targets count as failures. */
  readonly strict: boolean;
  /** One random case alone, by its number: replays what a run of the same seed reported. */
  readonly only?: number;
  /** Some cases alone, by their names, where cases have names. */
  readonly onlyCases?: readonly string[];
}

export type Invocation =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly name: string | undefined; readonly json: string | undefined; readonly options: RunOptions };

export interface CommandDefinition {
  readonly command: 'bench' | 'drill' | 'eval';
  /** What `--stores` takes; the first is the default. */
  readonly stores: readonly ('both' | StoresKind)[];
}

const DEFAULT_SEED = 1;
/** A number, or names with commas between them. */
const CASES = /^(\d{1,9}|[a-z][\w-]*(,[a-z][\w-]*)*)$/i;

/** @throws Error on anything that is not understood */
export function parseInvocation(args: readonly string[], { command, stores }: CommandDefinition): Invocation {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      short: { type: 'boolean', default: false },
      stores: { type: 'string', default: stores[0] ?? 'embedded' },
      seed: { type: 'string', default: String(DEFAULT_SEED) },
      strict: { type: 'boolean', default: false },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return { kind: 'help' };
  if (positionals.length > 1) throw new Error(`One ${command} at a time; got "${positionals.join(' ')}".`);
  const choice = stores.find((one) => one === values.stores);
  if (choice === undefined) throw new Error(`--stores takes ${stores.join(', ')}; got "${values.stores}".`);
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error(`--seed takes a whole number of at most 9 digits; got "${values.seed}".`);
  if (values.only !== undefined && !CASES.test(values.only)) {
    throw new Error(`--only takes a whole number of at most 9 digits, or names with commas between them; got "${values.only}".`);
  }
  if (values.json === '') throw new Error('--json takes a file.');
  return {
    kind: 'run',
    name: positionals[0],
    json: values.json,
    options: {
      short: values.short,
      strict: values.strict,
      seed: Number(values.seed),
      ...onlyOf(values.only),
      stores: choice === 'both' ? ['embedded', 'real'] : [choice],
    },
  };
}

function onlyOf(value: string | undefined): Pick<RunOptions, 'only' | 'onlyCases'> {
  if (value === undefined) return {};
  return /^\d/.test(value) ? { only: Number(value) } : { onlyCases: value.split(',') };
}

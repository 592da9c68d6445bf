import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommandFailure } from '../../cli/failure.ts';
import { fieldKinds, type FieldName } from './template-row.ts';

const rule = z.strictObject({
  /** The column. */
  from: z.string().optional(),
  /** Cuts a text into a list. */
  split: z.string().min(1).optional(),
  /** Where the column is empty, or there is none. */
  default: z.unknown().optional(),
  /** Values by what the column has; others stay. */
  map: z.record(z.string(), z.unknown()).optional(),
  type: z.enum(['number', 'boolean', 'json']).optional(),
});

export type FieldRule = z.infer<typeof rule>;

const mappingFile = z.record(
  z.string(),
  z.union([z.string().transform((from): FieldRule => ({ from })), z.null(), rule], {
    error: 'takes a column name, null, or an object with from, split, default, map, type',
  }),
);

/** A rule for a field; `null` leaves it out. Fields without an entry take the column of their name. */
export type Mapping = Readonly<Partial<Record<FieldName, FieldRule | null>>>;

/** @throws CommandFailure with every problem of the file */
export async function readMapping(file: string): Promise<Mapping> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure(`The mapping file ${file} cannot be read (${error.code}).`, { cause: error });
  });
  try {
    return parseMapping(JSON.parse(text) as unknown);
  } catch (error) {
    throw new CommandFailure(`The mapping file ${file} does not fit: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws CommandFailure with every problem */
export function parseMapping(json: unknown): Mapping {
  const result = mappingFile.safeParse(json);
  if (!result.success)
    throw new CommandFailure(result.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'it'} ${message}`).join('; '));
  assertFields(Object.keys(result.data));
  return result.data;
}

/** @throws CommandFailure naming those that are none */
export function assertFields(names: readonly string[]): asserts names is readonly FieldName[] {
  const unknown = names.filter((name) => !Object.hasOwn(fieldKinds, name));
  if (unknown.length > 0)
    throw new CommandFailure(`no field is called ${unknown.join(', ')}; there are ${Object.keys(fieldKinds).join(', ')}`);
}

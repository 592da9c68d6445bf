import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../../cli/failure.ts';
import { decodeText } from './decode.ts';
import type { Source, SourceRow } from './source-row.ts';

/** Reads the whole file: JSON has no rows before its end is seen. */
export async function openJson(file: string, path: string | undefined): Promise<Source> {
  const array = findArray(parseJson(file, decodeText(await readFile(file), file)), path);
  return {
    kind: 'json',
    total: array.length,
    async *rows() {
      for (const [index, item] of array.entries()) yield toRow(item, index + 1);
    },
  };
}

function toRow(item: unknown, row: number): SourceRow {
  return isObject(item) ? { row, values: item } : { row, values: {}, problem: 'is not an object' };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandFailure(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** The array the path names; without a path the file itself, or the only array of its object. @throws CommandFailure naming what there is */
export function findArray(json: unknown, path: string | undefined): readonly unknown[] {
  if (path !== undefined) {
    const found = path
      .split('.')
      .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), json);
    if (Array.isArray(found)) return found;
    throw new CommandFailure(`--path ${path}: there is no array.`);
  }
  if (Array.isArray(json)) return json;
  if (!isObject(json)) throw new CommandFailure('The JSON file holds neither an array nor an object.');
  const arrays = Object.entries(json).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const [only] = arrays;
  if (only && arrays.length === 1) return only[1];
  throw new CommandFailure(
    arrays.length === 0
      ? `The JSON file has no array at its top; name one with --path. Its keys: ${Object.keys(json).join(', ') || 'none'}.`
      : `The JSON file has several arrays; name one with --path: ${arrays.map(([key]) => key).join(', ')}.`,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { CommandFailure } from '../../cli/failure.ts';
import { streamText } from './decode.ts';
import { openCsv } from './read-csv.ts';
import { openJson } from './read-json.ts';
import type { Source } from './source-row.ts';

/** By the file's ending; where that says nothing, by its first character. */
export async function openSource(file: string, path: string | undefined): Promise<Source> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) throw new CommandFailure(`There is no file ${file}.`);
  const kind = kindOfEnding(file) ?? (await kindOfStart(file));
  if (kind === 'json') return openJson(file, path);
  if (path !== undefined) throw new CommandFailure('--path is for JSON files.');
  return openCsv(file);
}

function kindOfEnding(file: string): Source['kind'] | undefined {
  const ending = extname(file).toLowerCase();
  if (ending === '.json') return 'json';
  return ending === '.csv' || ending === '.tsv' ? 'csv' : undefined;
}

async function kindOfStart(file: string): Promise<Source['kind']> {
  for await (const text of streamText(file)) {
    const first = text.trimStart()[0];
    if (first !== undefined) return first === '[' || first === '{' ? 'json' : 'csv';
  }
  return 'csv';
}

/** SHA-256 of the file, in hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

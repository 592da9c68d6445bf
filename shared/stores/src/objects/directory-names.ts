import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareKeys } from './object-key.js';

/*
 * Where the sidecar of a key lies. Each segment becomes a name of a-z, 0-9, `.`, `_`, `-`, everything else as %XX, capitals too: some file
 * systems do not tell them apart. A folder's name ends in `+`, a sidecar's in `.json`, so the object `a` and the folder `a/`
 * are two names. A name over 200 characters is cut, each piece but the last a folder that ends in `~`: names have at most 255 bytes.
 */
const PIECE = 200;

/** The path of a key's sidecar, relative to the folder of all sidecars. */
export function sidecarPath(key: string): string {
  const segments = key.split('/').map(toPieces);
  return join(...segments.map((pieces, index) => `${pieces.join('~/')}${index === segments.length - 1 ? '.json' : '+'}`));
}

function toPieces(segment: string): string[] {
  const name = segment.replace(/[^a-z0-9._-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return name.match(new RegExp(`.{1,${PIECE}}`, 'g')) ?? [];
}

/** Keys in order, with the path of their sidecars. Reads only folders that can hold keys under `prefix` and after `after`. */
export async function* walkKeys(root: string, options: { prefix: string; after?: string }): AsyncGenerator<{ key: string; path: string }> {
  yield* walk(root, '', options);
}

async function* walk(
  folder: string,
  parent: string,
  options: { prefix: string; after?: string },
): AsyncGenerator<{ key: string; path: string }> {
  const { prefix, after } = options;
  const entries = await readSegments(folder, '');
  // With its `/`, a folder sorts where its keys do: after `a-b`, before `a0`.
  const sorted = entries
    .map((entry) => ({ ...entry, key: parent + entry.segment + (entry.isFolder ? '/' : '') }))
    .toSorted((left, right) => compareKeys(left.key, right.key));
  for (const { key, path, isFolder } of sorted) {
    const isPast = after !== undefined && compareKeys(key, after) <= 0;
    if (!isFolder) {
      if (!isPast && key.startsWith(prefix)) yield { key, path };
    } else if ((key.startsWith(prefix) || prefix.startsWith(key)) && (!isPast || after.startsWith(key))) {
      yield* walk(path, key, options);
    }
  }
}

/** The segments in a folder, those whose names are cut put together again. */
async function readSegments(folder: string, start: string): Promise<{ segment: string; path: string; isFolder: boolean }[]> {
  const found: { segment: string; path: string; isFolder: boolean }[] = [];
  for (const name of await readdirOrNothing(folder)) {
    const path = join(folder, name);
    if (name.endsWith('~')) found.push(...(await readSegments(path, start + name.slice(0, -1))));
    else if (name.endsWith('+')) found.push({ segment: decodeURIComponent(start + name.slice(0, -1)), path, isFolder: true });
    else if (name.endsWith('.json')) found.push({ segment: decodeURIComponent(start + name.slice(0, -5)), path, isFolder: false });
  }
  return found;
}

async function readdirOrNothing(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // A folder goes with its last object, also while it is walked.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

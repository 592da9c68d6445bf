import { StoreError } from '@loomgraph/core';
import type { FencedEntry } from './port.js';

/*
 * An entry is one string: a header line `kind <tab> revision <tab> fingerprint <tab> tags`, then the JSON of the value.
 * Kind is P (plain) or F (fenced); a tombstone has no JSON. Fingerprint and tags are JSON, which never holds a raw tab or line end.
 */

export interface StoredEntry {
  readonly text: string | undefined;
  readonly fence?: { readonly revision: number; readonly fingerprint: string };
  readonly tags?: readonly string[];
}

export function encodeEntry({ text, fence, tags = [] }: StoredEntry): string {
  const head = fence ? `F\t${fence.revision}\t${JSON.stringify(fence.fingerprint)}` : 'P\t\t';
  return `${head}\t${tags.length > 0 ? JSON.stringify(tags) : ''}\n${text ?? ''}`;
}

/** @throws StoreError corrupt */
export function decodeValue(raw: string | null): unknown {
  if (raw === null) return undefined;
  const end = raw.indexOf('\n');
  if (end < 0) throw corrupt();
  return end === raw.length - 1 ? undefined : parseJson(raw.slice(end + 1));
}

/** The fenced entry; undefined when there is none or it carries no revision. @throws StoreError corrupt */
export function decodeFenced(raw: string | null): FencedEntry | undefined {
  if (raw === null || raw.startsWith('P')) return undefined;
  const [kind, revision, fingerprint] = raw.slice(0, Math.max(0, raw.indexOf('\n'))).split('\t');
  if (kind !== 'F' || fingerprint === undefined) throw corrupt();
  return { revision: Number(revision), fingerprint: String(parseJson(fingerprint)), value: decodeValue(raw) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(cause);
  }
}

function corrupt(cause?: unknown): StoreError {
  return new StoreError('corrupt', 'cache', 'Redis: a key of the cache holds something else than an entry.', { cause });
}

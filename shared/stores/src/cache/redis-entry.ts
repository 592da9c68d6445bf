import { createHash } from 'node:crypto';
import { StoreError } from '@loomgraph/core';
import type { ScanEntry } from '../vectors/port.js';
import type { FencedEntry } from './port.js';

/*
 * An entry is one string: a header line, then the JSON of the value; a tombstone has no JSON. The header of a plain entry is
 * `P <tab> <tab> <tab> tags`, of a fenced one `F <tab> revision <tab> fingerprint <tab> fence <tab> checksum <tab> tags`. Entries that were written
 * before there were checksums lack fence and checksum, tags come last in all. Fingerprint and tags are JSON, which never holds a raw tab or line end.
 */

export interface Stamp {
  readonly revision: number;
  readonly fence: number;
  readonly fingerprint: string;
}

export interface StoredEntry {
  readonly text: string | undefined;
  readonly stamp?: Stamp;
  readonly tags?: readonly string[];
}

export function encodeEntry(key: string, { text = '', stamp, tags = [] }: StoredEntry): string {
  const head = stamp
    ? `F\t${stamp.revision}\t${JSON.stringify(stamp.fingerprint)}\t${stamp.fence}\t${checksumOf(key, stamp.fingerprint, text)}`
    : 'P\t\t';
  return `${head}\t${tags.length > 0 ? JSON.stringify(tags) : ''}\n${text}`;
}

/** @throws StoreError corrupt */
export function decodeValue(raw: string | null): unknown {
  if (raw === null) return undefined;
  const end = raw.indexOf('\n');
  if (end < 0) throw corrupt();
  return end === raw.length - 1 ? undefined : parseJson(raw.slice(end + 1));
}

/** The fenced entry; undefined when there is none or it carries no revision. @throws StoreError corrupt */
export function decodeFenced(raw: string | null): (Stamp & Pick<FencedEntry, 'value'>) | undefined {
  if (raw === null || isPlain(raw)) return undefined;
  const header = decodeHeader(raw);
  if (!header) throw corrupt();
  return { ...header.stamp, value: decodeValue(raw) };
}

/** What is stored, for an audit: what cannot be read is an entry of revision 0 that is not intact. */
export function decodeState(key: string, raw: string | null, { verify = false }: { verify?: boolean }): ScanEntry | null {
  if (raw === null || isPlain(raw)) return null;
  const header = decodeHeader(raw);
  if (!header) return { id: key, revision: 0, fence: 0, fingerprint: '', deleted: false, ...(verify && { intact: false }) };
  const { stamp, checksum, text } = header;
  const entry = { id: key, ...stamp, deleted: text === '' };
  return verify && checksum !== undefined ? { ...entry, intact: checksum === checksumOf(key, stamp.fingerprint, text) } : entry;
}

const isPlain = (raw: string): boolean => raw.startsWith('P\t');

function decodeHeader(raw: string): { stamp: Stamp; checksum: string | undefined; text: string } | undefined {
  const end = raw.indexOf('\n');
  const [kind, revision = '', json = '', fence, checksum, tags] = raw.slice(0, Math.max(0, end)).split('\t');
  if (kind !== 'F' || !/^\d+$/.test(revision)) return undefined;
  try {
    const fingerprint = String(JSON.parse(json));
    const isStamped = tags !== undefined;
    return {
      stamp: { revision: Number(revision), fence: isStamped ? Number(fence) : 0, fingerprint },
      checksum: isStamped ? checksum : undefined,
      text: raw.slice(end + 1),
    };
  } catch {
    return undefined;
  }
}

/** Of everything but the order; 16 bytes tell any two values apart. */
function checksumOf(key: string, fingerprint: string, text: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, fingerprint]))
    .update(text)
    .digest('base64url')
    .slice(0, 22);
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

import { LoomError } from '@loomgraph/core';

const MAX_KEY_BYTES = 1_024;
/** What file systems, and so the S3 gateways over them, hold in one name. */
const MAX_SEGMENT_BYTES = 255;
// Control characters cannot be written in the XML that S3 lists keys with, half surrogates not in UTF-8.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNWRITABLE = /[\u0000-\u001f\u007f\p{Surrogate}]/u;

/** @throws LoomError BAD_USER_INPUT */
export function checkKey(key: string): void {
  const problem = problemOf(key);
  if (problem) throw new LoomError('BAD_USER_INPUT', `An object key ${problem}.`, { details: { key } });
}

function problemOf(key: string): string | undefined {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `has at most ${MAX_KEY_BYTES} bytes`;
  if (UNWRITABLE.test(key)) return 'holds no control characters and no half surrogates';
  for (const segment of key.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'has no segment that is empty, `.` or `..`';
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return `has segments of at most ${MAX_SEGMENT_BYTES} bytes`;
  }
  return undefined;
}

/** @throws LoomError BAD_USER_INPUT */
export function checkMetadata(metadata: Readonly<Record<string, string>> | undefined): void {
  for (const name of Object.keys(metadata ?? {})) {
    if (!/^[a-z0-9-]+$/.test(name)) throw new LoomError('BAD_USER_INPUT', `A metadata name is of a-z, 0-9 and "-" (${name}).`);
  }
}

/** Orders keys by the bytes of their UTF-8, as S3 does. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

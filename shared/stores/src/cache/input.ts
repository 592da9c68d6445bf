import { LoomError } from '@loomgraph/core';
import type { WriteOrder } from '../vectors/write-order.js';

/** The JSON text of a value. @throws LoomError BAD_USER_INPUT for what JSON has no text for (undefined, functions, cycles, bigint). */
export function toJsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new LoomError('BAD_USER_INPUT', 'The value cannot be written as JSON.', { cause });
  }
  if (text === undefined) throw new LoomError('BAD_USER_INPUT', 'The value cannot be written as JSON.');
  return text;
}

/** @throws LoomError BAD_USER_INPUT */
export function checkSafeInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new LoomError('BAD_USER_INPUT', `\`${name}\` must be a safe integer (${value}).`);
}

/** @throws LoomError BAD_USER_INPUT unless revision and fence are natural numbers. */
export function checkOrder({ revision, fence = 0 }: WriteOrder): void {
  for (const [name, value] of Object.entries({ revision, fence })) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new LoomError('BAD_USER_INPUT', `\`${name}\` must be a natural number (${value}).`);
  }
}

/** @throws LoomError BAD_USER_INPUT unless it is absent or a positive integer. */
export function checkTtl(ttlMs: number | undefined): void {
  if (ttlMs !== undefined && !(Number.isSafeInteger(ttlMs) && ttlMs > 0)) {
    throw new LoomError('BAD_USER_INPUT', `\`ttlMs\` must be a positive integer (${ttlMs}).`);
  }
}

/** Orders text by the bytes of its UTF-8, as Redis and S3 do; UTF-16 order differs above U+FFFF. */
export function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

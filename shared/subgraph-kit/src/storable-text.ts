import { LoomError } from '@loomgraph/core';

/** Deeper values are nobody's data, and code that walks them recursively, of drivers too, would run out of stack. */
const MAX_DEPTH = 64;

/**
 * Refuses text anywhere in an input that no store keeps as it is: U+0000, which PostgreSQL stores in no text and no JSON, so that a write would
 * fail half-way through the stores, and halves of surrogate pairs, which no UTF-8 holds. Refuses values nested deeper than 64 levels, too.
 * @throws LoomError BAD_USER_INPUT naming where it is
 */
export function assertStorableText(input: unknown, at = 'input'): void {
  assertStorable(input, at, 0);
}

function assertStorable(input: unknown, at: string, depth: number): void {
  if (typeof input === 'string') {
    if (input.includes('\0')) throw refusal(at, 'holds the character U+0000, which no text may');
    if (!input.isWellFormed()) throw refusal(at, 'holds half of a surrogate pair, which is no character');
    return;
  }
  if (typeof input !== 'object' || input === null || input instanceof Date) return;
  if (depth >= MAX_DEPTH) throw refusal('The input', `holds values more than ${MAX_DEPTH} levels deep`);
  for (const [key, value] of Object.entries(input)) {
    assertStorable(key, `a name in ${at}`, depth + 1);
    assertStorable(value, `${at}.${key}`, depth + 1);
  }
}

const refusal = (at: string, problem: string): LoomError => new LoomError('BAD_USER_INPUT', `${at} ${problem}.`, { details: { at } });

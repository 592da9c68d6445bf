import { LoomError } from '@loomgraph/core';

/**
 * Refuses U+0000 anywhere in an input: PostgreSQL stores it in no text and no JSON, so a write would fail half-way through the stores.
 * @throws LoomError BAD_USER_INPUT naming where it is
 */
export function assertStorableText(input: unknown, at = 'input'): void {
  if (typeof input === 'string') {
    if (input.includes('\0'))
      throw new LoomError('BAD_USER_INPUT', `${at} holds the character U+0000, which no text may.`, { details: { at } });
    return;
  }
  if (typeof input !== 'object' || input === null || input instanceof Date) return;
  for (const [key, value] of Object.entries(input)) {
    assertStorableText(key, `a name in ${at}`);
    assertStorableText(value, `${at}.${key}`);
  }
}

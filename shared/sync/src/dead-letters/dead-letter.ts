import { LoomError } from '@loomgraph/core';

/** `record`: a record that a projection failed at; `event`: an event that a consumer failed at. */
export type DeadLetterKind = 'event' | 'record';

export interface DeadLetter {
  /** Opaque. */
  readonly id: string;
  readonly kind: DeadLetterKind;
  /** The projection, or the consumer. */
  readonly source: string;
  /** The record's type, or the event's. */
  readonly type: string;
  /** The record's id, or the event's. */
  readonly recordId: string;
  readonly attempts: number;
  /** Why: the code and message of the last failure. */
  readonly code: string;
  readonly error: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

export interface DeadLetterDetail extends DeadLetter {
  /**
   * For a record what would have been stored, as JSON, or what that would have been derived from where deriving fails; for an event its body. At
   * most 65,000 bytes of a record, then `…[cut]`. Undefined when the record could not be loaded.
   */
  readonly payload: string | undefined;
}

export interface DeadLetterFilter {
  readonly kind?: DeadLetterKind;
  readonly source?: string;
  readonly type?: string;
  readonly code?: string;
}

/** Which letter: as its id says. */
export interface LetterKey {
  readonly kind: DeadLetterKind;
  readonly source: string;
  readonly type: string;
  readonly recordId: string;
}

export function encodeLetterId({ kind, source, type, recordId }: LetterKey): string {
  return Buffer.from(JSON.stringify([kind, source, type, recordId])).toString('base64url');
}

/** @throws LoomError BAD_USER_INPUT */
export function decodeLetterId(id: string): LetterKey {
  const parts = decodeStrings(id);
  const [kind, source, type, recordId, ...rest] = parts ?? [];
  if ((kind !== 'record' && kind !== 'event') || source === undefined || type === undefined || recordId === undefined || rest.length > 0) {
    throw new LoomError('BAD_USER_INPUT', 'This is not the id of a dead letter.');
  }
  return { kind, source, type, recordId };
}

/** Strings that were encoded as base64url JSON; undefined for anything else. */
function decodeStrings(encoded: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

import { LoomError } from '@loomgraph/core';
import { EventError } from '@loomgraph/events';
import type { RelationalStore } from '@loomgraph/stores/relational';

/** An event that waits behind one of its key. */
export class BehindParked extends Error {}

/** What is kept of an error: payloads may hold personal data, so of a message only what its author wrote for reading. */
export function causeOf(error: unknown): { readonly code: string; readonly text: string } {
  if (error instanceof BehindParked) return { code: 'behind-parked', text: error.message };
  const code = error instanceof EventError ? error.kind : error instanceof LoomError ? error.code : 'INTERNAL_SERVER_ERROR';
  const text = error instanceof Error ? error.message : String(error);
  return { code, text: text.replaceAll('\0', '\u{FFFD}').slice(0, 2_000) };
}

/**
 * Whether a failure is the event's own, and charged, or a store's, and not. When a store did not answer a handler in time, the record is asked
 * whether it is well: if so, it was this event that took too long.
 */
export async function isOwnFailure(error: unknown, store: RelationalStore, hasHandlerBegun: boolean): Promise<boolean> {
  if (!(error instanceof LoomError && error.entry.retryable)) return true;
  return hasHandlerBegun && error.code === 'STORE_TIMEOUT' && (await store.health()).ok;
}

/** Tells the bus when to bring a message again. */
export class ComeAgain extends LoomError {
  constructor(waitMs: number, cause: unknown) {
    super('INTERNAL_SERVER_ERROR', 'The event is to come again.', { details: { retryAfterMs: waitMs }, cause });
  }
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import type { DeadLetterDetail, DeadLetterFilter } from './dead-letter.js';
import { decide, type Which } from './decide.js';
import { getLetter, listLetters, type DeadLetterPage } from './list.js';
import { readLog, type DeadLetterLogPage } from './log.js';

/**
 * What failed for good in a subgraph, and what somebody decides about it; for any process with the database.
 *
 * 1. `list` answers letters newest first, in pages; `get` one of them with what would have been stored, `undefined` when it is none any more.
 * 2. `retry` makes letters due again, with all their attempts; a relay finds them at its next look.
 * 3. `discard` gives letters up: a record stays in the target as it is until it changes, or what it depends on; audits leave it alone and count it.
 *    An event is never applied.
 * 4. Both answer how many letters they found; every one is in the log, with who decided, in the same transaction.
 * 5. Ids and cursors that are not theirs reject with BAD_USER_INPUT and INVALID_CURSOR, an empty actor and a discard without reason with BAD_USER_INPUT.
 */
export interface DeadLetters {
  list(filter: DeadLetterFilter, page: { readonly first: number; readonly after?: string }): Promise<DeadLetterPage>;
  get(id: string): Promise<DeadLetterDetail | undefined>;
  retry(which: Which, by: { readonly actor: string }): Promise<number>;
  discard(which: Which, by: { readonly actor: string; readonly reason: string }): Promise<number>;
  /** What was decided, newest first. */
  log(page: { readonly first: number; readonly after?: string }): Promise<DeadLetterLogPage>;
}

export function deadLetters(store: RelationalStore): DeadLetters {
  return {
    list: (filter, page) => listLetters(store, filter, page),
    get: (id) => getLetter(store, id),
    retry: (which, { actor }) => decide(store, which, { action: 'retry', actor }),
    discard: (which, { actor, reason }) => decide(store, which, { action: 'discard', actor, reason }),
    log: (page) => readLog(store, page),
  };
}

import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OneTimeTokenEntity, RefreshTokenEntity, RevocationEntity, SessionEntity, SigningKeyEntity } from '../store/entities.js';

const DAY_MS = 86_400_000;
/** Sessions stay to be looked at for so long after their end. */
const SESSIONS_KEPT_MS = 30 * DAY_MS;
/** A token that was used is recognised as reused for so long after its end. */
const TOKENS_KEPT_MS = 7 * DAY_MS;

/** Deletes what has expired for long: tokens, sessions, revocations, keys. @returns rows deleted */
export async function deleteExpired(store: RelationalStore, clock: Clock): Promise<number> {
  const now = clock.now();
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  return store.transaction(async (em) => {
    let rows = 0;
    rows += await em.nativeDelete(OneTimeTokenEntity, { expiresAt: { $lt: before(TOKENS_KEPT_MS) } });
    rows += await em.nativeDelete(RefreshTokenEntity, { expiresAt: { $lt: before(TOKENS_KEPT_MS) } });
    rows += await em.nativeDelete(SessionEntity, { expiresAt: { $lt: before(SESSIONS_KEPT_MS) } });
    rows += await em.nativeDelete(RevocationEntity, { until: { $lt: now } });
    rows += await em.nativeDelete(SigningKeyEntity, { expiresAt: { $lt: before(DAY_MS) } });
    return rows;
  });
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, placeholders } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import type { Claim } from './claim.js';

const ERROR_LENGTH = 2_000;

/** Done: the deliveries go, except those touched while they were being applied, which only lose their lease. */
export async function complete(store: RelationalStore, projection: Projection, owner: string, claims: readonly Claim[]): Promise<void> {
  await store.transaction(async (em) => {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from ${store.table('delivery')} where projection = ? and record_type = ? and lease_owner = ?
         and (record_id, touches) in (${placeholders(claims.length, 2)})`,
      [projection.name, projection.source, owner, ...claims.flatMap((claim) => [claim.id, claim.touches])],
      'run',
    );
    if (affectedRows < claims.length) await releaseIn(store, em, projection, owner, claims, 0);
  });
}

/** Given back untouched, to be tried again after `waitMs`: the failure was the target's, not theirs. */
export async function release(store: RelationalStore, projection: Projection, owner: string, claims: readonly Claim[], waitMs: number): Promise<void> {
  await store.transaction((em) => releaseIn(store, em, projection, owner, claims, waitMs));
}

/** One record failed by itself: an attempt is charged, and the last one makes it a dead letter. */
export async function fail(
  store: RelationalStore,
  projection: Projection,
  owner: string,
  failure: { claim: Claim; error: Error; waitMs: number },
): Promise<'retry' | 'dead'> {
  const { claim, error, waitMs } = failure;
  const dead = claim.attempts + 1 >= projection.policy.maxAttempts;
  await store.transaction((em) =>
    em.execute(
      `update ${store.table('delivery')} set attempts = attempts + 1, state = ?, available_at = ${nowMs(store.dialect)} + ?,
         lease_owner = null, lease_until = 0, error_code = ?, error = ?
       where projection = ? and record_type = ? and record_id = ? and lease_owner = ? and touches = ?`,
      [
        dead ? 'dead' : 'pending',
        waitMs,
        String((error as { code?: unknown }).code ?? error.name).slice(0, 64),
        error.message.slice(0, ERROR_LENGTH),
        projection.name,
        projection.source,
        claim.id,
        owner,
        claim.touches,
      ],
      'run',
    ),
  );
  // Touched meanwhile: the row above did not match, and the change deserves a fresh look.
  await release(store, projection, owner, [claim], 0);
  return dead ? 'dead' : 'retry';
}

async function releaseIn(
  store: RelationalStore,
  em: Parameters<Parameters<RelationalStore['transaction']>[0]>[0],
  projection: Projection,
  owner: string,
  claims: readonly Claim[],
  waitMs: number,
): Promise<void> {
  await em.execute(
    `update ${store.table('delivery')} set lease_owner = null, lease_until = 0, available_at = ${nowMs(store.dialect)} + ?
     where projection = ? and record_type = ? and lease_owner = ? and record_id in (${claims.map(() => '?').join(', ')})`,
    [waitMs, projection.name, projection.source, owner, ...claims.map((claim) => claim.id)],
    'run',
  );
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs, placeholders } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import type { Claim } from './claim.js';

const ERROR_LENGTH = 2_000;

/** The deliveries of one projection that a relay has leased. */
export interface Leased {
  readonly store: RelationalStore;
  readonly projection: Projection;
  readonly owner: string;
}

/** Done: the deliveries go, except those touched while they were being applied, which only lose their lease. */
export async function complete(leased: Leased, claims: readonly Claim[]): Promise<void> {
  const { store, projection, owner } = leased;
  await store.transaction(async (em) => {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from ${store.table('delivery')} where projection = ? and record_type = ? and lease_owner = ?
         and (record_id, touches) in (${placeholders(claims.length, 2)})`,
      [projection.name, projection.source, owner, ...claims.flatMap((claim) => [claim.id, claim.touches])],
      'run',
    );
    if (affectedRows < claims.length) await releaseIn(leased, em, claims);
  });
}

/** Given back untouched: the failure was the target's, not theirs. */
export async function release(leased: Leased, claims: readonly Claim[]): Promise<void> {
  await leased.store.transaction((em) => releaseIn(leased, em, claims));
}

/** One record failed by itself: an attempt is charged, and the last one makes it a dead letter. */
export async function fail(leased: Leased, failure: { claim: Claim; error: Error; waitMs: number }): Promise<'retry' | 'dead'> {
  const { store, projection, owner } = leased;
  const { claim, error, waitMs } = failure;
  const { code } = error as { code?: unknown };
  const dead = claim.attempts + 1 >= projection.policy.maxAttempts;
  await store.transaction((em) =>
    em.execute(
      `update ${store.table('delivery')} set attempts = attempts + 1, state = ?, available_at = ${nowMs(store.dialect)} + ?,
         lease_owner = null, lease_until = 0, error_code = ?, error = ?
       where projection = ? and record_type = ? and record_id = ? and lease_owner = ? and touches = ?`,
      [
        dead ? 'dead' : 'pending',
        waitMs,
        (typeof code === 'string' ? code : error.name).slice(0, 64),
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
  await release(leased, [claim]);
  return dead ? 'dead' : 'retry';
}

async function releaseIn({ store, projection, owner }: Leased, em: EntityManager, claims: readonly Claim[]): Promise<void> {
  await em.execute(
    `update ${store.table('delivery')} set lease_owner = null, lease_until = 0
     where projection = ? and record_type = ? and lease_owner = ? and record_id in (${claims.map(() => '?').join(', ')})`,
    [projection.name, projection.source, owner, ...claims.map((claim) => claim.id)],
    'run',
  );
}

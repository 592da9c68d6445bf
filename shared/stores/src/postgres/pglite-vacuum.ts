import type { PGlite } from '@electric-sql/pglite';

/** Dead rows from which a table is vacuumed: this many and a fifth of its live ones, as PostgreSQL has it (its 50 are for a process beside). */
const DEAD_ROWS = 1_000;
const DEAD_SHARE = 0.2;
const INTERVAL_MS = 10_000;

/**
 * An embedded PostgreSQL has no autovacuum: without this, a queue's table and indexes keep every row that ever passed through, and each look at
 * its head steps over all of them. One table at a time, so that what waits behind it waits for one table only; errors are those of the next
 * statement too, and the table is due again.
 */
export function keepVacuumed(pglite: PGlite, intervalMs = INTERVAL_MS): AsyncDisposable {
  let running: Promise<unknown> = Promise.resolve();
  let idle = true;
  const timer = setInterval(() => {
    if (!idle || pglite.closed) return;
    idle = false;
    running = vacuumNext(pglite)
      .catch(() => undefined)
      .finally(() => (idle = true));
  }, intervalMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Vacuums the table with the most dead rows. @returns its name; undefined when none has enough of them */
export async function vacuumNext(pglite: PGlite): Promise<string | undefined> {
  const { rows } = await pglite.query<{ name: string }>(
    `SELECT relid::regclass::text AS name FROM pg_stat_user_tables
      WHERE n_dead_tup > $1::float8 + $2::float8 * n_live_tup ORDER BY n_dead_tup DESC LIMIT 1`,
    [DEAD_ROWS, DEAD_SHARE],
  );
  const name = rows[0]?.name;
  if (name !== undefined) await pglite.exec(`VACUUM ${name}`);
  return name;
}

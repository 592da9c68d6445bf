import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs } from '../dialect.js';

/** What waits in the outbox; two indexed looks in one round trip. */
export async function lookAtOutbox(store: RelationalStore): Promise<{ readonly changes: boolean; readonly events: boolean }> {
  const waits = (kind: string): string => `exists (select 1 from ${store.table('outbox')} where kind = '${kind}')`;
  const [row] = await store
    .read()
    .execute<{ changes: boolean | number; events: boolean | number }[]>(`select ${waits('c')} as changes, ${waits('e')} as events`);
  return { changes: Boolean(row?.changes), events: Boolean(row?.events) };
}

/** Which of these have a delivery that could be claimed now, were it not for those they come after; one indexed look each, in one round trip. */
export async function lookForDue(store: RelationalStore, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const now = nowMs(store.dialect);
  const look = `(select projection from ${store.table('delivery')}
    where projection = ? and state = 'pending' and available_at <= ${now} and lease_until <= ${now} limit 1)`;
  const rows = await store.read().execute<{ projection: string }[]>(names.map(() => look).join(' union all '), [...names]);
  return rows.map((row) => row.projection);
}

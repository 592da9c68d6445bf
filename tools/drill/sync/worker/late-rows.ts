import type { RelationalStore } from '@loomgraph/stores/relational';

const EVERY_MS = 10;

/**
 * Does to the outbox what a relay would do that remembers the highest id it saw and asks for what comes after: rows of transactions that
 * commit later than younger ones are passed over. They are removed here before the dispatcher sees them.
 */
export function passOverLateRows(store: RelationalStore, report: (fault: string) => void): void {
  let checkpoint = 0;
  let visible = new Set<number>();
  const look = async (): Promise<void> => {
    const rows = await store.read().execute<{ id: number | string }[]>(`select id from ${store.table('outbox')} where kind = 'c'`);
    const ids = rows.map(({ id }) => Number(id));
    const late = ids.filter((id) => id <= checkpoint && !visible.has(id));
    if (late.length > 0) {
      const { affectedRows } = await store.transaction((em) =>
        em.execute<{ affectedRows: number }>(
          `delete from ${store.table('outbox')} where id in (${late.map(() => '?').join(', ')})`,
          late,
          'run',
        ),
      );
      if (affectedRows > 0) report('broken checkpoint');
    }
    visible = new Set(ids);
    checkpoint = Math.max(checkpoint, ...ids);
  };
  const again = (): void =>
    void setTimeout(
      () =>
        void look()
          .catch(() => undefined)
          .finally(again),
      EVERY_MS,
    ).unref();
  again();
}

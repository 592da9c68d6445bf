import type { RelationalStore } from '@loomgraph/stores/relational';

const EVERY_MS = 10;

/** Does to the deliveries what a relay would do that claims without leasing: whoever looks next may claim them too. */
export function forgetLeases(store: RelationalStore): void {
  const look = (): Promise<unknown> =>
    store.transaction((em) => em.execute(`update ${store.table('delivery')} set lease_until = 0 where lease_until > 0`, [], 'run'));
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

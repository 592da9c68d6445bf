import { isTransient, toStoreError, type RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';

/**
 * One writing statement that commits by itself: a round trip instead of the three of a transaction. One that loses a deadlock is run again in a
 * transaction, which knows how to.
 * @returns the rows it changed
 * @throws StoreError
 */
export function writeOne(store: RelationalStore, sql: string, parameters: readonly unknown[]): Promise<number> {
  return alone(store, async (em) => (await em.execute<{ affectedRows: number }>(sql, [...parameters], 'run')).affectedRows);
}

/** The same for a statement that answers the rows it changed. */
export function writeReturning<Row>(store: RelationalStore, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  return alone(store, (em) => em.execute<Row[]>(sql, [...parameters]));
}

async function alone<T>(store: RelationalStore, write: (em: EntityManager) => Promise<T>): Promise<T> {
  const em = store.read();
  try {
    return await write(em);
  } catch (thrown) {
    const error = toStoreError(thrown, store.dialect);
    if (!isTransient(error)) throw error;
    return store.transaction(write);
  }
}

/** `?, ?, ?` */
export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

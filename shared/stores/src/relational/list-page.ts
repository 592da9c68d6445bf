import { encodeCursor, type LazyPage, type PageRequest } from '@loomgraph/core';
import type { RelationalStore } from './port.js';

/** One key of an order: the entity property, its direction, and how its value stands in a cursor. */
export interface OrderKey {
  readonly property: string;
  readonly direction: 'asc' | 'desc';
  readonly date?: boolean;
}

/** The condition for rows that come after the cursor's in the given order (before it, when paging backwards). */
export function keysetCondition(keys: readonly OrderKey[], page: PageRequest): object | undefined {
  const { from } = page;
  if (!from) return undefined;
  const value = (index: number): unknown => (keys[index]?.date ? new Date(Number(from[index])) : from[index]);
  return {
    $or: keys.map((key, index) => ({
      ...Object.fromEntries(keys.slice(0, index).map((earlier, at) => [earlier.property, value(at)])),
      [key.property]: { [effective(key, page) === 'asc' ? '$gt' : '$lt']: value(index) },
    })),
  };
}

export function orderBy(keys: readonly OrderKey[], page: PageRequest): Record<string, 'asc' | 'desc'>[] {
  return keys.map((key) => ({ [key.property]: effective(key, page) }));
}

/** Cuts what was read (one more than the page) to a page with cursors. */
export function toPage<Row extends object>(
  rows: readonly Row[],
  options: { keys: readonly OrderKey[]; tag: string; page: PageRequest; totalCount: () => Promise<number> },
): LazyPage<Row> {
  const { keys, tag, page } = options;
  const more = rows.length > page.limit;
  const cut = rows.slice(0, page.limit);
  const items = page.direction === 'forward' ? cut : cut.toReversed();
  const position = (row: Row): unknown[] =>
    keys.map((key) => {
      const value = (row as Record<string, unknown>)[key.property];
      return value instanceof Date ? value.getTime() : value;
    });
  return {
    items,
    cursors: items.map((row) => encodeCursor(tag, position(row))),
    hasNextPage: page.direction === 'forward' ? more : page.from !== null,
    hasPreviousPage: page.direction === 'forward' ? page.from !== null : more,
    totalCount: options.totalCount,
  };
}

/** One keyset page of an entity's rows: one statement, and a count where it is asked for. `Row` is what the entity is to its domain. */
export async function listRows<Row extends object>(
  store: RelationalStore,
  entity: unknown,
  options: { where: object; keys: readonly OrderKey[]; tag: string; page: PageRequest },
): Promise<LazyPage<Row>> {
  const { where, keys, tag, page } = options;
  const after = keysetCondition(keys, page);
  const rows = (await store.read().find(entity as never, after ? { $and: [where, after] } : where, {
    orderBy: orderBy(keys, page) as never,
    limit: page.limit + 1,
  })) as unknown as Row[]; // an entity satisfies its domain interface structurally
  return toPage(rows, { keys, tag, page, totalCount: () => store.read().count(entity as never, where as never) });
}

function effective(key: OrderKey, page: PageRequest): 'asc' | 'desc' {
  if (page.direction === 'forward') return key.direction;
  return key.direction === 'asc' ? 'desc' : 'asc';
}

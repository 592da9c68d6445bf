import type { RelationalStore } from '@loomgraph/stores/relational';
import type { RecordType } from '../record.js';

/** A row of a record type: what an audit needs of it before it derives anything. */
export interface SourceRecord {
  readonly id: string;
  readonly revision: number;
}

/** The rows of a record type in key order. Plain statements: no entity is built, so a page costs what its keys weigh. */
export interface SourceRecords {
  /** At most `limit` records after a key; fewer only at the end. */
  page(after: string | undefined, limit: number): Promise<readonly SourceRecord[]>;
  /** Those of the records that are there. */
  existing(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  count(): Promise<number>;
}

export function createSourceRecords(store: RelationalStore, record: RecordType): SourceRecords {
  const platform = store.orm.em.getPlatform();
  const meta = store.orm.getMetadata().get(record.entity);
  const column = (property: string): string => {
    // Set when the store was opened; `defineRecord` has seen that the property is there.
    const { fieldNames } = meta.properties[property as never] as { readonly fieldNames: readonly [string] };
    return platform.quoteIdentifier(fieldNames[0]);
  };
  const [id, revision, table] = [column(record.key), column(record.revision), store.table(meta.tableName)];
  const select = async (rest: string, parameters: readonly unknown[]): Promise<SourceRecord[]> => {
    const rows = await store
      .read()
      .execute<{ id: unknown; revision: unknown }[]>(`select ${id} as id, ${revision} as revision from ${table} ${rest}`, [...parameters]);
    return rows.map((row) => ({ id: String(row.id), revision: Number(row.revision) }));
  };
  return {
    page: (after, limit) =>
      after === undefined ? select(`order by ${id} limit ?`, [limit]) : select(`where ${id} > ? order by ${id} limit ?`, [after, limit]),
    async existing(ids) {
      if (ids.length === 0) return new Map();
      const rows = await select(`where ${id} in (${ids.map(() => '?').join(', ')})`, ids);
      return new Map(rows.map((row) => [row.id, row.revision]));
    },
    async count() {
      const [row] = await store.read().execute<{ n: string | number }[]>(`select count(*) as n from ${table}`);
      return Number(row?.n ?? 0);
    },
  };
}

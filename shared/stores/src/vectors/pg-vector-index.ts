import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { SqlDatabase } from '../postgres/port.js';
import { ensureSchema } from '../postgres/schema.js';
import { entryColumns } from './checksum.js';
import { collectionSchema, toCollectionTable, type CollectionTable } from './collection.js';
import { checkLimit, checkRevised, toDocument, toEntry, toRow } from './documents.js';
import { newestPerKey } from './newest.js';
import type {
  AdvanceOutcome,
  ApplyOutcome,
  AttributeFilter,
  PurgeOptions,
  RevisionMark,
  ScanEntry,
  ScanOptions,
  SearchHit,
  TextQuery,
  Tombstone,
  VectorCollection,
  VectorDocument,
  VectorIndex,
  VectorQuery,
  VerifyOptions,
} from './port.js';
import { segment as segmentByDefault } from './segment.js';
import { VectorSearch } from './vector-search.js';
import { replacesOf, type WriteOrder } from './write-order.js';
import { advanceStatement, purgeStatement, removeStatement, upsertStatement } from './write-statements.js';

export interface VectorIndexOptions {
  /** Shared; closing the index leaves it open. */
  readonly database: SqlDatabase;
  readonly collection: VectorCollection;
  /** The PostgreSQL schema the table is in. Default `vectors`. */
  readonly schema?: string;
  /** Cuts a text into words, joined by spaces. Default: `segment`. */
  readonly segment?: (text: string) => string;
  /**
   * Whether `indexed` embeddings get an HNSW index. Default: on a server yes, embedded no. Without SIMD an insert into the index takes
   * 12 ms (1,536 dimensions), while comparing with every row, which is exact, takes 7 ms per 1,000 of them.
   */
  readonly approximate?: boolean;
}

/** Rows per statement: 64 documents of 1,536 dimensions are about 2 MB of JSON. */
const ROWS_PER_STATEMENT = 256;

/**
 * Opens a collection, creating or extending its table.
 * @throws LoomError CONFIG_INVALID when the table there holds other dimensions or types; StoreError.
 */
export async function openVectorIndex(options: VectorIndexOptions): Promise<VectorIndex> {
  const { database, collection, schema = 'vectors', segment = segmentByDefault } = options;
  const table = toCollectionTable(collection, { schema, approximate: options.approximate ?? database.backend === 'postgres' });
  await ensureSchema(database, collectionSchema(table));
  return new PgVectorIndex(database, table, segment);
}

class PgVectorIndex implements VectorIndex {
  readonly #database: SqlDatabase;
  readonly #table: CollectionTable;
  readonly #segment: (text: string) => string;
  readonly #search: VectorSearch;
  readonly #upsert: string;
  readonly #remove: string;
  #closed = false;

  constructor(database: SqlDatabase, table: CollectionTable, segment: (text: string) => string) {
    this.#database = database;
    this.#table = table;
    this.#segment = segment;
    this.#search = new VectorSearch(database, table, segment);
    this.#upsert = upsertStatement(table);
    this.#remove = removeStatement(table);
  }

  get collection(): VectorCollection {
    return this.#table.collection;
  }

  async upsert(documents: readonly VectorDocument[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    const batch = newestPerKey(documents, ({ id }) => id);
    const rows = batch.items.map((document) => toRow(this.#table, document, this.#segment));
    return batch.outcomes(await this.#write(this.#upsert, rows, batch.items));
  }

  async advance(marks: readonly RevisionMark[]): Promise<AdvanceOutcome[]> {
    this.#assertOpen();
    for (const mark of marks) checkRevised(mark);
    if (marks.length === 0) return [];
    const rows = await this.#rows<{ id: string; advanced: boolean; fenced: boolean }>(
      advanceStatement(this.#table),
      JSON.stringify(marks.map(({ id, revision, fence = 0, fingerprint }) => ({ id, revision, fence, fingerprint }))),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return marks.map(({ id }) => {
      const row = byId.get(id);
      return row?.advanced ? 'advanced' : row?.fenced ? 'fenced' : 'differs';
    });
  }

  async remove(tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    for (const tombstone of tombstones) checkRevised(tombstone);
    const batch = newestPerKey(tombstones, ({ id }) => id);
    const rows = batch.items.map(({ id, revision, fence = 0 }) => ({ id, revision, fence }));
    return batch.outcomes(await this.#write(this.#remove, rows, batch.items));
  }

  async get(ids: readonly string[]): Promise<(VectorDocument | null)[]> {
    this.#assertOpen();
    if (ids.length === 0) return [];
    const columns = [
      ...this.#table.embeddings.map(({ column }) => `${column}::text`),
      ...this.#table.attributes.map(({ column }) => column),
    ];
    const { rows } = await this.#database.query(
      `SELECT ${['id, revision, fingerprint, model, title, text', ...columns].join(', ')} FROM ${this.#table.name} WHERE id = ANY($1::text[]) AND NOT deleted`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row['id'], row]));
    return ids.map((id) => {
      const row = byId.get(id);
      return row ? toDocument(this.#table, row) : null;
    });
  }

  async searchByVector(query: VectorQuery): Promise<SearchHit[]> {
    this.#assertOpen();
    return this.#search.byVector(query);
  }

  async searchLikeEach(ids: readonly string[], query: Omit<VectorQuery, 'embedding'>): Promise<SearchHit[][]> {
    this.#assertOpen();
    return this.#search.likeEach(ids, query);
  }

  async searchByText(query: TextQuery): Promise<SearchHit[]> {
    this.#assertOpen();
    return this.#search.byText(query);
  }

  async searchHybrid(query: VectorQuery & TextQuery): Promise<SearchHit[]> {
    this.#assertOpen();
    return this.#search.hybrid(query);
  }

  async suggest(prefix: string, options: { limit: number; filter?: AttributeFilter }): Promise<string[]> {
    this.#assertOpen();
    return this.#search.suggest(prefix, options);
  }

  async entries(ids: readonly string[], options: VerifyOptions = {}): Promise<(ScanEntry | null)[]> {
    this.#assertOpen();
    if (ids.length === 0) return [];
    const rows = await this.#rows<ScanEntry>(
      `SELECT ${entryColumns(this.#table, options)} FROM ${this.#table.name} t WHERE id = ANY ($1::text[])`,
      ids,
    );
    const byId = new Map(rows.map((row) => [row.id, toEntry(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async scan(options: ScanOptions): Promise<ScanEntry[]> {
    this.#assertOpen();
    checkLimit(options.limit);
    const rows = await this.#rows<ScanEntry>(
      `SELECT ${entryColumns(this.#table, options)} FROM ${this.#table.name} t WHERE id > $1 ORDER BY id LIMIT $2`,
      options.after ?? '',
      options.limit,
    );
    return rows.map(toEntry);
  }

  async purgeTombstones({ olderThanMs, limit }: PurgeOptions): Promise<number> {
    this.#assertOpen();
    checkLimit(limit);
    return (await this.#database.query(purgeStatement(this.#table), [olderThanMs, limit])).affected;
  }

  async count(): Promise<number> {
    this.#assertOpen();
    const [row] = await this.#rows<{ live: number }>(`SELECT count(*) AS live FROM ${this.#table.name} WHERE NOT deleted`);
    return row?.live ?? 0;
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'vectors', backend: this.#database.backend }, async () => {
      this.#assertOpen();
      await this.#database.query(`SELECT 1 FROM ${this.#table.name} LIMIT 1`);
    });
  }

  async drop(): Promise<void> {
    this.#assertOpen();
    await this.#database.script(`DROP TABLE IF EXISTS ${this.#table.name}`);
    await this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #write(
    statement: string,
    rows: readonly object[],
    writes: readonly (WriteOrder & { readonly id: string })[],
  ): Promise<Set<string>> {
    const applied = new Set<string>();
    for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
      const json = JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT));
      const replaces = replacesOf(writes.slice(start, start + ROWS_PER_STATEMENT), ({ id }) => id);
      for (const { id } of await this.#rows<{ id: string }>(statement, json, replaces)) applied.add(id);
    }
    return applied;
  }

  async #rows<Row extends object>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
    return (await this.#database.query<Row>(sql, values)).rows;
  }

  #assertOpen(): void {
    if (this.#closed) {
      throw new StoreError('unavailable', this.#database.backend, `Vector collection ${this.#table.collection.name} is closed.`);
    }
  }
}

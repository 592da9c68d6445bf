import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { SqlDatabase } from '../postgres/port.js';
import { ensureSchema } from '../postgres/schema.js';
import { collectionSchema, toCollectionTable, type CollectionTable } from './collection.js';
import { checkEmbedding, checkField, checkLimit, checkRevised, toDocument, toRow } from './documents.js';
import { fuseByReciprocalRank } from './fusion.js';
import { newestPerKey } from './newest.js';
import type {
  AdvanceOutcome,
  ApplyOutcome,
  AttributeFilter,
  RevisionMark,
  ScanEntry,
  SearchHit,
  TextQuery,
  Tombstone,
  VectorCollection,
  VectorDocument,
  VectorIndex,
  VectorQuery,
} from './port.js';
import {
  nearestOfEachStatement,
  nearestStatement,
  suggestStatement,
  wordsStatement,
  type NearestQuery,
  type Statement,
} from './search-statements.js';
import { foldTitle, segment as segmentByDefault, withoutEmptyWords } from './segment.js';
import { advanceStatement, removeStatement, upsertStatement } from './write-statements.js';

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

const DEFAULT_CANDIDATES = 100;
/** Look-ups side by side in `searchLikeEach`: the connections are for people who search. */
const LOOK_UPS_AT_ONCE = 4;
/** Documents that one pass over the rows compares with: 130 ms at 8,000 rows, for which an embedded database does nothing else. */
const COMPARED_AT_ONCE = 8;
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
  readonly #upsert: string;
  readonly #remove: string;
  #closed = false;

  constructor(database: SqlDatabase, table: CollectionTable, segment: (text: string) => string) {
    this.#database = database;
    this.#table = table;
    this.#segment = segment;
    this.#upsert = upsertStatement(table);
    this.#remove = removeStatement(table);
  }

  async upsert(documents: readonly VectorDocument[], options: { force?: boolean } = {}): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    const force = options.force ?? false;
    const batch = newestPerKey(documents, ({ id }) => id, { force });
    const rows = batch.items.map((document) => toRow(this.#table, document, this.#segment));
    return batch.outcomes(await this.#write(this.#upsert, rows, [force]));
  }

  async advance(marks: readonly RevisionMark[]): Promise<AdvanceOutcome[]> {
    this.#assertOpen();
    for (const mark of marks) checkRevised(mark);
    if (marks.length === 0) return [];
    const rows = await this.#select<{ id: string; advanced: boolean; fenced: boolean }>({
      sql: advanceStatement(this.#table),
      values: [JSON.stringify(marks)],
    });
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
    return batch.outcomes(
      await this.#write(
        this.#remove,
        batch.items.map(({ id, revision }) => ({ id, revision })),
        [],
      ),
    );
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
    checkLimit(query.limit);
    const hits = await this.#nearest(query, query.limit);
    return hits.map((hit, index) => ({ ...hit, vectorRank: index + 1 }));
  }

  async searchLikeEach(ids: readonly string[], query: Omit<VectorQuery, 'embedding'>): Promise<SearchHit[][]> {
    this.#assertOpen();
    checkLimit(query.limit);
    checkField(this.#table, query.field);
    const approximate = this.#isApproximate(query);
    const atOnce = approximate ? LOOK_UPS_AT_ONCE : COMPARED_AT_ONCE;
    const answers: SearchHit[][] = [];
    for (let start = 0; start < ids.length; start += atOnce) {
      const slice = ids.slice(start, start + atOnce);
      answers.push(
        ...(approximate
          ? await Promise.all(slice.map((id) => this.#compare({ id }, query, query.limit)))
          : await this.#compareEach(slice, query)),
      );
    }
    return answers.map((hits) => hits.map((hit, index) => ({ ...hit, vectorRank: index + 1 })));
  }

  async searchByText(query: TextQuery): Promise<SearchHit[]> {
    this.#assertOpen();
    checkLimit(query.limit);
    const hits = await this.#matching(query, query.limit);
    return hits.map((hit, index) => ({ ...hit, textRank: index + 1 }));
  }

  async searchHybrid(query: VectorQuery & TextQuery): Promise<SearchHit[]> {
    this.#assertOpen();
    checkLimit(query.limit);
    const candidates = query.candidates ?? DEFAULT_CANDIDATES;
    checkLimit(candidates);
    // Side by side, a server answers both in the time of the slower one.
    const [nearest, matching] = await Promise.all([this.#nearest(query, candidates), this.#matching(query, candidates)]);
    return fuseByReciprocalRank(nearest, matching, { limit: query.limit });
  }

  async suggest(prefix: string, options: { limit: number; filter?: AttributeFilter }): Promise<string[]> {
    this.#assertOpen();
    checkLimit(options.limit);
    const text = foldTitle(prefix.replaceAll('\0', ''));
    if (text === '' || options.limit === 0) return [];
    const rows = await this.#select<{ title: string }>(suggestStatement(this.#table, { text, ...options }));
    return rows.map(({ title }) => title);
  }

  async scan(options: { after?: string; limit: number }): Promise<ScanEntry[]> {
    this.#assertOpen();
    checkLimit(options.limit);
    return this.#select<ScanEntry>({
      sql: `SELECT id, revision, fingerprint, deleted FROM ${this.#table.name} WHERE id > $1 ORDER BY id LIMIT $2`,
      values: [options.after ?? '', options.limit],
    });
  }

  async count(): Promise<number> {
    this.#assertOpen();
    const rows = await this.#select<{ live: number }>({
      sql: `SELECT count(*) AS live FROM ${this.#table.name} WHERE NOT deleted`,
      values: [],
    });
    return rows[0]?.live ?? 0;
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'vectors', backend: this.#database.backend }, async () => {
      this.#assertOpen();
      await this.#database.query(`SELECT 1 FROM ${this.#table.name} LIMIT 1`);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A zero vector is similar to nothing. */
  async #nearest(query: VectorQuery, limit: number): Promise<SearchHit[]> {
    checkEmbedding(this.#table, query.field, query.embedding);
    return query.embedding.every((value) => value === 0) ? [] : this.#compare({ embedding: query.embedding }, query, limit);
  }

  async #compare(to: NearestQuery['to'], query: Omit<VectorQuery, 'embedding'>, limit: number): Promise<SearchHit[]> {
    const embedding = this.#table.embeddings.find(({ field }) => field === query.field);
    if (!embedding || limit === 0) return [];
    const approximate = this.#isApproximate(query);
    const statement = { column: embedding.column, to, limit, filter: query.filter };
    let hits = await this.#select<SearchHit>(nearestStatement(this.#table, { ...statement, approximate }));
    if (approximate && hits.length < limit) {
      // The index gave up (hnsw.max_scan_tuples) or there are no more: so few that comparing each of them is cheap.
      hits = await this.#select<SearchHit>(nearestStatement(this.#table, { ...statement, approximate: false }));
    }
    return atLeast(query.minScore, hits);
  }

  async #compareEach(ids: readonly string[], query: Omit<VectorQuery, 'embedding'>): Promise<SearchHit[][]> {
    const embedding = this.#table.embeddings.find(({ field }) => field === query.field);
    const answers: SearchHit[][] = ids.map(() => []);
    if (!embedding || query.limit === 0) return answers;
    const { limit, filter } = query;
    const rows = await this.#select<SearchHit & { position: number }>(
      nearestOfEachStatement(this.#table, { column: embedding.column, ids, limit, filter }),
    );
    for (const { position, id, score } of rows) answers[position]?.push({ id, score });
    return answers.map((hits) => atLeast(query.minScore, hits));
  }

  #isApproximate({ field, exact }: Pick<VectorQuery, 'field' | 'exact'>): boolean {
    return !exact && this.#table.embeddings.some((embedding) => embedding.field === field && embedding.indexed);
  }

  async #matching(query: TextQuery, limit: number): Promise<SearchHit[]> {
    const words = withoutEmptyWords(this.#segment(query.text));
    if (words === '' || limit === 0) return [];
    return this.#select<SearchHit>(wordsStatement(this.#table, { words, limit, filter: query.filter }));
  }

  async #write(statement: string, rows: readonly object[], more: readonly unknown[]): Promise<ReadonlySet<string>> {
    const applied = new Set<string>();
    for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
      const json = JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT));
      const result = await this.#database.query<{ id: string }>(statement, [json, ...more]);
      for (const { id } of result.rows) applied.add(id);
    }
    return applied;
  }

  async #select<Row extends object>(statement: Statement): Promise<Row[]> {
    return (await this.#database.query<Row>(statement.sql, statement.values)).rows;
  }

  #assertOpen(): void {
    if (this.#closed) {
      throw new StoreError('unavailable', this.#database.backend, `Vector collection ${this.#table.collection.name} is closed.`);
    }
  }
}

const atLeast = (minScore: number | undefined, hits: SearchHit[]): SearchHit[] =>
  minScore === undefined ? hits : hits.filter(({ score }) => score >= minScore);

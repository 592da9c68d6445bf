import type { SqlDatabase } from '../postgres/port.js';
import type { CollectionTable } from './collection.js';
import { checkEmbedding, checkField, checkLimit } from './documents.js';
import { fuseByReciprocalRank } from './fusion.js';
import type { AttributeFilter, SearchHit, TextQuery, VectorQuery } from './port.js';
import {
  nearestOfEachStatement,
  nearestStatement,
  suggestStatement,
  wordsStatement,
  type NearestQuery,
  type Statement,
} from './search-statements.js';
import { foldTitle, withoutEmptyWords } from './segment.js';

const DEFAULT_CANDIDATES = 100;
/** Look-ups side by side in `likeEach`: the connections are for people who search. */
const LOOK_UPS_AT_ONCE = 4;
/** Documents that one pass over the rows compares with: 130 ms at 8,000 rows, for which an embedded database does nothing else. */
const COMPARED_AT_ONCE = 8;

/** The searches of `VectorIndex`, over one table. */
export class VectorSearch {
  readonly #database: SqlDatabase;
  readonly #table: CollectionTable;
  readonly #segment: (text: string) => string;

  constructor(database: SqlDatabase, table: CollectionTable, segment: (text: string) => string) {
    this.#database = database;
    this.#table = table;
    this.#segment = segment;
  }

  async byVector(query: VectorQuery): Promise<SearchHit[]> {
    checkLimit(query.limit);
    const hits = await this.#nearest(query, query.limit);
    return hits.map((hit, index) => ({ ...hit, vectorRank: index + 1 }));
  }

  async likeEach(ids: readonly string[], query: Omit<VectorQuery, 'embedding'>): Promise<SearchHit[][]> {
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

  async byText(query: TextQuery): Promise<SearchHit[]> {
    checkLimit(query.limit);
    const hits = await this.#matching(query, query.limit);
    return hits.map((hit, index) => ({ ...hit, textRank: index + 1 }));
  }

  async hybrid(query: VectorQuery & TextQuery): Promise<SearchHit[]> {
    checkLimit(query.limit);
    const candidates = query.candidates ?? DEFAULT_CANDIDATES;
    checkLimit(candidates);
    // Side by side, a server answers both in the time of the slower one.
    const [nearest, matching] = await Promise.all([this.#nearest(query, candidates), this.#matching(query, candidates)]);
    return fuseByReciprocalRank(nearest, matching, { limit: query.limit });
  }

  async suggest(prefix: string, options: { limit: number; filter?: AttributeFilter }): Promise<string[]> {
    checkLimit(options.limit);
    const text = foldTitle(prefix.replaceAll('\0', ''));
    if (text === '' || options.limit === 0) return [];
    const rows = await this.#select<{ title: string }>(suggestStatement(this.#table, { text, ...options }));
    return rows.map(({ title }) => title);
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

  async #select<Row extends object>(statement: Statement): Promise<Row[]> {
    return (await this.#database.query<Row>(statement.sql, statement.values)).rows;
  }
}

const atLeast = (minScore: number | undefined, hits: SearchHit[]): SearchHit[] =>
  minScore === undefined ? hits : hits.filter(({ score }) => score >= minScore);

import type { CollectionTable } from './collection.js';
import { filterCondition, Parameters } from './filter.js';
import type { AttributeFilter } from './port.js';

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * Candidates the index keeps in sight; pgvector's default of 40 loses recall once filters drop some, and 200 cost a quarter of the searches per
 * second at 10,000 documents. Its maximum is 1,000.
 */
const MIN_EF_SEARCH = 100;
const MAX_EF_SEARCH = 1_000;
/** Taken beyond the limit, so that equal scores at the edge of the answer still come out by id. */
const TIE_MARGIN = 20;
/** pg_trgm's word similarity from which a title counts as close; its default 0.6 misses one swap (desinger: 0.44). */
const CLOSE_WORD = 0.4;

export interface NearestQuery {
  readonly column: string;
  /** What is compared with: a vector, or that of the stored document with this id, which is then left out of the answer. */
  readonly to: { readonly embedding: readonly number[] } | { readonly id: string };
  readonly limit: number;
  readonly filter?: AttributeFilter;
  /** Walk the HNSW index; else every row that passes the filter is compared. */
  readonly approximate: boolean;
}

/**
 * The documents nearest to a vector. The settings of the index scan are set by the statement itself, for itself: no round trip of
 * their own, nothing left behind on a connection that others share. Iterative scan keeps reading past rows that the filter drops;
 * relaxed order is repaired by the outer sort. A materialised CTE without ORDER BY is what keeps the exact form off the index.
 */
export function nearestStatement(table: CollectionTable, query: NearestQuery): Statement {
  const parameters = new Parameters();
  const { to, column } = query;
  const like = 'id' in to ? parameters.add(to.id) : undefined;
  const vector =
    'embedding' in to
      ? `${parameters.add(JSON.stringify(to.embedding))}::vector(${table.collection.dimensions})`
      : `(SELECT ${column} FROM ${table.name} WHERE id = ${like} AND NOT deleted)`;
  const distance = `(${column} <=> ${vector})`;
  const others = like === undefined ? '' : ` AND id <> ${like}`;
  const condition = `NOT deleted AND ${column} IS NOT NULL${others} AND ${filterCondition(table, query.filter, parameters)}`;
  // A zero vector has no direction: its distance is NaN, and PostgreSQL sorts NaN last.
  const answer = `SELECT id, 1 - distance AS score FROM near WHERE distance <> 'NaN' ORDER BY distance, id LIMIT ${parameters.add(query.limit)}`;
  if (!query.approximate) {
    return {
      sql: `WITH near AS MATERIALIZED (SELECT id, ${distance} AS distance FROM ${table.name} WHERE ${condition}) ${answer}`,
      values: parameters.values,
    };
  }
  const depth = query.limit + TIE_MARGIN;
  const settings = settingsClause({
    'hnsw.iterative_scan': 'relaxed_order',
    'hnsw.ef_search': String(Math.min(MAX_EF_SEARCH, Math.max(MIN_EF_SEARCH, depth))),
  });
  const order = `${table.operand(column)} <=> ${table.operand(vector)}`;
  return {
    sql: `WITH settings AS MATERIALIZED (${settings}),
      near AS MATERIALIZED (SELECT id, ${distance} AS distance FROM ${table.name}
        WHERE (SELECT ready FROM settings) AND ${condition} ORDER BY ${order} LIMIT ${parameters.add(depth)})
      ${answer}`,
    values: parameters.values,
  };
}

/**
 * The documents nearest to each of some stored ones, comparing with every row that passes the filter; `position` is the id's, from 0. One pass for
 * all: `subvector` reads a stored vector once and not once per comparison, which is most of the cost (embedded, 8 ids: 2 µs per pair instead of 9).
 */
export function nearestOfEachStatement(
  table: CollectionTable,
  query: { readonly column: string; readonly ids: readonly string[]; readonly limit: number; readonly filter?: AttributeFilter },
): Statement {
  const parameters = new Parameters();
  const { column, ids } = query;
  const vector = `subvector(${column}, 1, ${table.collection.dimensions})`;
  const limit = parameters.add(query.limit);
  const keys = ids.map((id) => parameters.add(id));
  const each = (part: (key: string, position: number) => string, separator: string): string => keys.map(part).join(separator);
  return {
    // OFFSET 0 keeps the planner from copying `subvector` into each comparison.
    sql: `WITH ${each((key, n) => `like_${n} AS MATERIALIZED (SELECT ${vector} AS v FROM ${table.name} WHERE id = ${key} AND NOT deleted)`, ', ')},
      near AS MATERIALIZED (SELECT id, ${each((_, n) => `v <=> (SELECT v FROM like_${n}) AS d_${n}`, ', ')} FROM (
        SELECT id, ${vector} AS v FROM ${table.name}
         WHERE NOT deleted AND ${column} IS NOT NULL AND ${filterCondition(table, query.filter, parameters)} OFFSET 0) t)
      SELECT position, id, 1 - distance AS score FROM (${each(
        (key, n) =>
          `(SELECT ${n} AS position, id, d_${n} AS distance FROM near WHERE id <> ${key} AND d_${n} <> 'NaN' ORDER BY d_${n}, id LIMIT ${limit})`,
        ' UNION ALL ',
      )}) nearest ORDER BY position, distance, id`,
    values: parameters.values,
  };
}

/** Documents that hold at least one of the words; `words` as `segment` gives them. Rank is dampened by the document's length. */
export function wordsStatement(table: CollectionTable, query: { words: string; limit: number; filter?: AttributeFilter }): Statement {
  const parameters = new Parameters();
  const words = parameters.add(query.words);
  return {
    // Words hold letters and digits only, so quoting a lexeme makes it an operand of a tsquery.
    sql: `WITH query AS MATERIALIZED (SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS any_word
        FROM unnest(to_tsvector('simple', ${words}) || to_tsvector('english', ${words})))
      SELECT id, ts_rank(words, (SELECT any_word FROM query), 1)::float8 AS score FROM ${table.name}
       WHERE NOT deleted AND words @@ (SELECT any_word FROM query) AND ${filterCondition(table, query.filter, parameters)}
       ORDER BY score DESC, id LIMIT ${parameters.add(query.limit)}`,
    values: parameters.values,
  };
}

/**
 * Titles for a typed text (folded): those that start with it, then those with a word that does, then close ones. Chinese writes no
 * spaces between words, so there a title that contains the text anywhere counts as close.
 */
export function suggestStatement(table: CollectionTable, query: { text: string; limit: number; filter?: AttributeFilter }): Statement {
  const parameters = new Parameters();
  const escaped = query.text.replace(/[\\%_]/g, '\\$&');
  const text = parameters.add(query.text);
  const starts = `title_key LIKE ${parameters.add(`${escaped}%`)}`;
  const wordStarts = `title_words LIKE ${parameters.add(`% ${escaped}%`)}`;
  const contains = /\p{Script=Han}/u.test(query.text) ? `OR title_key LIKE ${parameters.add(`%${escaped}%`)}` : '';
  return {
    sql: `WITH settings AS MATERIALIZED (${settingsClause({ 'pg_trgm.word_similarity_threshold': String(CLOSE_WORD) })})
      SELECT title FROM ${table.name}
       WHERE (SELECT ready FROM settings) AND NOT deleted AND title <> ''
         AND (${starts} OR ${wordStarts} OR ${text} <% title_key ${contains}) AND ${filterCondition(table, query.filter, parameters)}
       GROUP BY title
       ORDER BY min(CASE WHEN ${starts} THEN 0 WHEN ${wordStarts} THEN 1 ELSE 2 END),
         max(word_similarity(${text}, title_key)) DESC, title COLLATE "C"
       LIMIT ${parameters.add(query.limit)}`,
    values: parameters.values,
  };
}

/** A one-row query that sets run-time settings until the end of the transaction, before the scan that waits for `ready` starts. */
function settingsClause(settings: Readonly<Record<string, string>>): string {
  return `SELECT ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true) IS NOT NULL`)
    .join(' AND ')} AS ready`;
}

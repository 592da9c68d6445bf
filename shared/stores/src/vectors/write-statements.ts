import { checksumOf } from './checksum.js';
import type { CollectionTable } from './collection.js';
import { takesInSql } from './write-order.js';

const fixed = ['id', 'revision', 'fence', 'fingerprint', 'model', 'title', 'title_key', 'title_words', 'text'] as const;

/**
 * Stores a batch in one statement: the fence is the WHERE of the conflict clause, evaluated on the locked newest version of the row,
 * so no interleaving of writers can go back in time. $1: the rows as JSON, $2: what they replace. Returns the ids that were applied.
 * JSON and arrays for `unnest` take the same time; JSON carries text[] attributes of different lengths too.
 * Words are indexed as they are and by their English stem, so that either form finds the other. OFFSET 0 keeps the planner from segmenting twice,
 * for the words and for the checksum.
 */
export function upsertStatement(table: CollectionTable): string {
  const { name, embeddings, attributes, collection } = table;
  const columns = [...fixed, ...[...embeddings, ...attributes].map(({ column }) => column)];
  const recordType = [
    'id text, revision bigint, fence bigint, fingerprint text, model text, title text, title_key text, title_words text, text text, words text',
    ...embeddings.map(({ column }) => `${column} vector(${collection.dimensions})`),
    ...attributes.map(({ column, type }) => `${column} ${type}`),
  ].join(', ');
  return `INSERT INTO ${name} AS t (${columns.join(', ')}, words, deleted, checksum)
    SELECT ${columns.join(', ')}, words, false, ${checksumOf(table, 'r')}
      FROM (SELECT ${columns.join(', ')}, to_tsvector('simple', words) || to_tsvector('english', words) AS words
              FROM json_to_recordset($1::json) AS j (${recordType}) WHERE ${isThere(table, 'j')} OFFSET 0) r ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET
      ${[...columns.slice(1), 'words', 'deleted', 'checksum'].map((column) => `${column} = excluded.${column}`).join(', ')}, updated_at = now()
      WHERE ${takesInSql('$2')}
    RETURNING id`;
}

/** Turns documents into tombstones; $1: `[{ id, revision, fence }]`, $2: what they replace. */
export function removeStatement(table: CollectionTable): string {
  const emptied = [...table.embeddings, ...table.attributes].map(({ column }) => `, ${column} = NULL`);
  return `INSERT INTO ${table.name} AS t (id, revision, fence, fingerprint, deleted, model, title, title_key, title_words, text, words)
    SELECT id, revision, fence, '', true, '', '', '', '', '', ''::tsvector
      FROM json_to_recordset($1::json) AS j (id text, revision bigint, fence bigint) WHERE ${isThere(table, 'j')} ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, fence = excluded.fence, fingerprint = '', deleted = true, model = '', title = '',
      title_key = '', title_words = '', text = '', words = ''::tsvector, checksum = NULL, updated_at = now()${emptied.join('')}
      WHERE ${takesInSql('$2')}
    RETURNING id`;
}

/**
 * Raises revisions and fences where the fingerprint is unchanged; $1: `[{ id, revision, fence, fingerprint }]`. Embeddings are stored out of line
 * and no indexed column changes, so PostgreSQL rewrites a few bytes of the row. The outer select sees the rows as they were before.
 */
export function advanceStatement(table: CollectionTable): string {
  return `WITH marks AS (SELECT * FROM json_to_recordset($1::json) AS r (id text, revision bigint, fence bigint, fingerprint text)),
    moved AS (
      UPDATE ${table.name} AS t SET revision = m.revision, fence = m.fence FROM marks m
        WHERE t.id = m.id AND NOT t.deleted AND t.fingerprint = m.fingerprint AND (t.revision, t.fence) <= (m.revision, m.fence)
      RETURNING t.id
    )
    SELECT m.id, moved.id IS NOT NULL AS advanced,
           coalesce((t.revision, t.deleted, t.fence) > (m.revision, false, m.fence), false) AS fenced
      FROM marks m LEFT JOIN moved ON moved.id = m.id LEFT JOIN ${table.name} t ON t.id = m.id`;
}

/** $1: age in milliseconds, $2: limit. */
export function purgeStatement(table: CollectionTable): string {
  return `DELETE FROM ${table.name} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM ${table.name} WHERE deleted AND updated_at < now() - $1 * interval '1 millisecond' ORDER BY updated_at LIMIT $2
    FOR UPDATE SKIP LOCKED))`;
}

/** A document that replaces one is not stored where there is none. */
const isThere = ({ name }: CollectionTable, row: string): string =>
  `(NOT $2::jsonb ? ${row}.id OR EXISTS (SELECT FROM ${name} s WHERE s.id = ${row}.id))`;

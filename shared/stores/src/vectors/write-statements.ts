import type { CollectionTable } from './collection.js';

const fixed = ['id', 'revision', 'fingerprint', 'model', 'title', 'title_key', 'title_words', 'text'] as const;

/**
 * Stores a batch in one statement: the fence is the WHERE of the conflict clause, evaluated on the locked newest version of the row,
 * so no interleaving of writers can go back in time. $1: the rows as JSON, $2: force. Returns the ids that were applied.
 * JSON and arrays for `unnest` take the same time; JSON carries text[] attributes of different lengths too.
 * Words are indexed as they are and by their English stem, so that either form finds the other.
 */
export function upsertStatement(table: CollectionTable): string {
  const { name, embeddings, attributes, collection } = table;
  const variable = [...embeddings, ...attributes].map(({ column }) => column);
  const columns = [...fixed, ...variable];
  const recordType = [
    'id text, revision bigint, fingerprint text, model text, title text, title_key text, title_words text, text text, words text',
    ...embeddings.map(({ column }) => `${column} vector(${collection.dimensions})`),
    ...attributes.map(({ column, type }) => `${column} ${type}`),
  ].join(', ');
  return `INSERT INTO ${name} AS t (${columns.join(', ')}, words, deleted)
    SELECT ${columns.join(', ')}, to_tsvector('simple', words) || to_tsvector('english', words), false
      FROM json_to_recordset($1::json) AS r (${recordType}) ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET ${[...columns.slice(1), 'words', 'deleted'].map((column) => `${column} = excluded.${column}`).join(', ')},
      updated_at = now()
      WHERE excluded.revision > t.revision OR ($2::boolean AND excluded.revision = t.revision AND excluded.fingerprint <> t.fingerprint)
    RETURNING id`;
}

/** Turns documents into tombstones; $1: `[{ id, revision }]`. At an equal revision a removal wins over a live document. */
export function removeStatement(table: CollectionTable): string {
  const emptied = [...table.embeddings, ...table.attributes].map(({ column }) => `${column} = NULL`);
  return `INSERT INTO ${table.name} AS t (id, revision, fingerprint, deleted, model, title, title_key, title_words, text, words)
    SELECT id, revision, '', true, '', '', '', '', '', ''::tsvector
      FROM json_to_recordset($1::json) AS r (id text, revision bigint) ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, fingerprint = '', deleted = true, model = '', title = '', title_key = '',
      title_words = '', text = '', words = ''::tsvector, updated_at = now()${emptied.map((assignment) => `, ${assignment}`).join('')}
      WHERE excluded.revision > t.revision OR (excluded.revision = t.revision AND NOT t.deleted)
    RETURNING id`;
}

/**
 * Raises revisions where the fingerprint is unchanged; $1: `[{ id, revision, fingerprint }]`. Embeddings are stored out of line and no indexed
 * column changes, so PostgreSQL rewrites a few bytes of the row. The outer select sees the rows as they were before.
 */
export function advanceStatement(table: CollectionTable): string {
  return `WITH marks AS (SELECT id, revision, fingerprint FROM json_to_recordset($1::json) AS r (id text, revision bigint, fingerprint text)),
    moved AS (
      UPDATE ${table.name} AS t SET revision = m.revision FROM marks m
        WHERE t.id = m.id AND NOT t.deleted AND t.fingerprint = m.fingerprint AND t.revision <= m.revision
      RETURNING t.id
    )
    SELECT m.id, moved.id IS NOT NULL AS advanced, coalesce(t.revision > m.revision, false) AS fenced
      FROM marks m LEFT JOIN moved ON moved.id = m.id LEFT JOIN ${table.name} t ON t.id = m.id`;
}

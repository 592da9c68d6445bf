import { takesInSql } from '../vectors/write-order.js';
import type { GraphTables } from './sql-schema.js';

/** The key of a node in `replaces`, as `keyOf` makes it. */
const keyIn = (row: string): string => `(${row}.label || ':' || ${row}.id)`;

/**
 * The checksum of a node as an SQL expression, over its properties and the edges of the types it owns, none of what a fence moves; `edges` is the
 * relation they come from. Both sides of the comparison are made by the same database.
 */
function checksumOf(row: string, edges: string): string {
  return `sha256(convert_to(concat_ws(chr(31), ${row}.label, ${row}.id, ${row}.fingerprint, ${row}.owned::text, ${row}.properties::text,
    (SELECT string_agg(concat_ws(chr(31), e.type, e.to_label, e.to_id, encode(float8send(e.weight), 'hex'), e.properties::text), chr(30)
                       ORDER BY e.type COLLATE "C", e.to_label COLLATE "C", e.to_id COLLATE "C") FROM ${edges})), 'UTF8'))`;
}

/**
 * Writes nodes past the fence; the row lock that comes with it covers the edges the node owns until the transaction ends. Where the fingerprint is
 * that of the live node, order alone is written. Answers the nodes that were taken, and whether they were `written` whole.
 * $1: `[{ label, id, revision, fence, fingerprint, properties, owned, edges }]`, $2: what they replace.
 */
export const applyNodes = ({ nodes }: GraphTables): string => `
  WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json)
      AS r (label text, id text, revision bigint, fence bigint, fingerprint text, properties jsonb, owned text[], edges json)),
  kept AS (
    UPDATE ${nodes} AS t SET revision = i.revision, fence = i.fence FROM incoming i
     WHERE t.label = i.label AND t.id = i.id AND NOT t.deleted AND t.fingerprint = i.fingerprint AND t.checksum IS NOT NULL
       AND (t.revision, t.fence) < (i.revision, i.fence) AND NOT $2::jsonb ? ${keyIn('i')}
    RETURNING t.label, t.id),
  written AS (
    INSERT INTO ${nodes} AS t (label, id, revision, fence, fingerprint, deleted, properties, owned, checksum)
    SELECT label, id, revision, fence, fingerprint, false, properties, owned, ${checksumOf(
      'i',
      'json_to_recordset(i.edges) AS e (type text, to_label text, to_id text, weight float8, properties jsonb)',
    )}
      FROM incoming i WHERE (label, id) NOT IN (SELECT label, id FROM kept) AND ${isThere(nodes, 'i')}
     ORDER BY label COLLATE "C", id COLLATE "C"
    ON CONFLICT (label, id) DO UPDATE SET revision = excluded.revision, fence = excluded.fence, fingerprint = excluded.fingerprint,
      deleted = false, properties = excluded.properties, owned = excluded.owned, checksum = excluded.checksum, updated_at = now()
      WHERE ${takesInSql('$2', keyIn('excluded'))}
    RETURNING label, id)
  SELECT label, id, false AS written FROM kept UNION ALL SELECT label, id, true FROM written`;

/**
 * Replaces owned edges; the rows deleted and the rows written are never the same. A statement of its own, after `applyNodes`: only then
 * does its snapshot hold what the previous holder of the row locks wrote. NOT IN is looked up in a hash table; NOT EXISTS became a join of every
 * edge with every wanted one, 230 ms for 64 templates that have their edges already.
 * $1: `[{ label, id, type }]` owned, $2: `[{ label, id, type, to_label, to_id, weight, properties }]` wanted.
 */
export const replaceEdges = ({ edges }: GraphTables): string => `
  WITH wanted AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::json)
      AS r (label text, id text, type text, to_label text, to_id text, weight float8, properties jsonb)),
  dropped AS (
    DELETE FROM ${edges} e USING json_to_recordset($1::json) AS o (label text, id text, type text)
     WHERE (e.from_label, e.from_id, e.type) = (o.label, o.id, o.type)
       AND (e.from_label, e.from_id, e.type, e.to_label, e.to_id) NOT IN (SELECT label, id, type, to_label, to_id FROM wanted))
  INSERT INTO ${edges} AS e (from_label, from_id, type, to_label, to_id, weight, properties)
  SELECT label, id, type, to_label, to_id, weight, properties FROM wanted ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (from_label, from_id, type, to_label, to_id) DO UPDATE SET weight = excluded.weight, properties = excluded.properties
    WHERE (e.weight, e.properties) IS DISTINCT FROM (excluded.weight, excluded.properties)`;

/** $1: label, $2: `[{ id, revision, fence }]`, $3: what they replace. */
export const removeNodes = ({ nodes }: GraphTables): string => `
  INSERT INTO ${nodes} AS t (label, id, revision, fence, fingerprint, deleted, properties)
  SELECT label, id, revision, fence, '', true, '{}'
    FROM (SELECT $1::text AS label, * FROM json_to_recordset($2::json) AS r (id text, revision bigint, fence bigint)) i
   WHERE ${isThere(nodes, 'i', '$3')} ORDER BY id COLLATE "C"
  ON CONFLICT (label, id) DO UPDATE SET revision = excluded.revision, fence = excluded.fence, fingerprint = '', deleted = true,
    properties = '{}', owned = '{}', checksum = NULL, updated_at = now()
    WHERE ${takesInSql('$3', keyIn('excluded'))}
  RETURNING id`;

/** $1: label, $2: ids. Edges that point at them belong to others. */
export const removeEdges = ({ edges }: GraphTables): string => `DELETE FROM ${edges} WHERE from_label = $1 AND from_id = ANY ($2::text[])`;

/** $1: label, $2: age in milliseconds, $3: limit. */
export const purgeNodes = ({ nodes }: GraphTables): string => `
  DELETE FROM ${nodes} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM ${nodes} WHERE label = $1 AND deleted AND updated_at < now() - $2 * interval '1 millisecond'
     ORDER BY updated_at LIMIT $3 FOR UPDATE SKIP LOCKED))`;

/** The columns of a `ScanEntry` of the row `t`; `intact` is null where there is no checksum. */
export function entryColumns({ edges }: GraphTables, options: { verify?: boolean }): string {
  const columns = 't.id, t.revision, t.fence, t.fingerprint, t.deleted';
  if (!options.verify) return columns;
  const owned = `${edges} e WHERE e.from_label = t.label AND e.from_id = t.id AND e.type = ANY (t.owned)`;
  return `${columns}, (t.deleted OR t.checksum = ${checksumOf('t', owned)}) AS intact`;
}

/** A document that replaces one is not written where there is none. */
function isThere(nodes: string, row: string, parameter = '$2'): string {
  return `(NOT ${parameter}::jsonb ? ${keyIn(row)} OR EXISTS (SELECT FROM ${nodes} s WHERE s.label = ${row}.label AND s.id = ${row}.id))`;
}

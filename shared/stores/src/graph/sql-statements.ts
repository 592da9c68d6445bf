import type { GraphTables } from './sql-schema.js';

/**
 * Writes nodes past the fence; the row lock that comes with it covers the edges the node owns until the transaction ends.
 * $1: `[{ label, id, revision, fingerprint, properties }]`, $2: force.
 */
export const applyNodes = ({ nodes }: GraphTables): string => `
  INSERT INTO ${nodes} AS n (label, id, revision, fingerprint, deleted, properties)
  SELECT label, id, revision, fingerprint, false, properties
    FROM json_to_recordset($1::json) AS r (label text, id text, revision bigint, fingerprint text, properties jsonb)
   ORDER BY label COLLATE "C", id COLLATE "C"
  ON CONFLICT (label, id) DO UPDATE SET revision = excluded.revision, fingerprint = excluded.fingerprint, deleted = false,
    properties = excluded.properties, updated_at = now()
    WHERE excluded.revision > n.revision OR ($2::boolean AND excluded.revision = n.revision AND excluded.fingerprint <> n.fingerprint)
  RETURNING label, id`;

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

/** $1: label, $2: `[{ id, revision }]`. At an equal revision a removal wins over a live node. */
export const removeNodes = ({ nodes }: GraphTables): string => `
  INSERT INTO ${nodes} AS n (label, id, revision, fingerprint, deleted, properties)
  SELECT $1, id, revision, '', true, '{}' FROM json_to_recordset($2::json) AS r (id text, revision bigint) ORDER BY id COLLATE "C"
  ON CONFLICT (label, id) DO UPDATE SET revision = excluded.revision, fingerprint = '', deleted = true, properties = '{}', updated_at = now()
    WHERE excluded.revision > n.revision OR (excluded.revision = n.revision AND NOT n.deleted)
  RETURNING id`;

/** $1: label, $2: ids. Two index conditions instead of one OR. */
export const removeEdges = ({ edges }: GraphTables): string => `
  DELETE FROM ${edges} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM ${edges} WHERE from_label = $1 AND from_id = ANY ($2::text[])
    UNION SELECT ctid FROM ${edges} WHERE to_label = $1 AND to_id = ANY ($2::text[])))`;

const outward = ({ edges }: GraphTables): string =>
  `SELECT to_label AS label, to_id AS id, weight, properties FROM ${edges} WHERE from_label = $1 AND from_id = $2 AND type = $3`;
const inward = ({ edges }: GraphTables): string =>
  `SELECT from_label AS label, from_id AS id, weight, properties FROM ${edges} WHERE to_label = $1 AND to_id = $2 AND type = $3`;

/** $1–$2: start, $3: type, $4: label of the neighbours or null, $5: limit. A loop counts once when both directions are asked for. */
export function neighboursStatement(tables: GraphTables, direction: 'out' | 'in' | 'both'): string {
  const steps = {
    out: outward(tables),
    in: inward(tables),
    both: `${outward(tables)} UNION ALL ${inward(tables)} AND (from_label, from_id) <> ($1, $2)`,
  };
  return `SELECT n.label, n.id, n.properties, e.weight, e.properties AS edge
    FROM (${steps[direction]}) e JOIN ${tables.nodes} n ON n.label = e.label AND n.id = e.id
   WHERE NOT n.deleted AND ($4::text IS NULL OR n.label = $4)
     AND EXISTS (SELECT FROM ${tables.nodes} s WHERE s.label = $1 AND s.id = $2 AND NOT s.deleted)
   ORDER BY e.weight DESC, n.id, n.label LIMIT $5`;
}

/** As `neighboursStatement` for each of the ids in $2; `position` is the id's, from 0. */
export function neighboursOfEachStatement(tables: GraphTables, direction: 'out' | 'in' | 'both'): string {
  return `SELECT f.position::int - 1 AS position, x.* FROM unnest($2::text[]) WITH ORDINALITY AS f (id, position)
    CROSS JOIN LATERAL (${neighboursStatement(tables, direction).replaceAll('$2', 'f.id')}) x ORDER BY f.position, x.weight DESC, x.id, x.label`;
}

/** $1–$2: start, $3: type, $4: label in the middle, $5: limit. UNION makes each pair of middle and end count once. */
export function sharedNeighboursStatement(tables: GraphTables): string {
  const { nodes, edges } = tables;
  return `WITH middle AS MATERIALIZED (
      SELECT m.label, m.id FROM (${outward(tables)} AND to_label = $4 UNION ALL ${inward(tables)} AND from_label = $4) e
        JOIN ${nodes} m ON m.label = e.label AND m.id = e.id AND NOT m.deleted
       WHERE EXISTS (SELECT FROM ${nodes} s WHERE s.label = $1 AND s.id = $2 AND NOT s.deleted)),
    reached AS (
      SELECT e.to_label AS label, e.to_id AS id, m.id AS middle FROM middle m
        JOIN ${edges} e ON e.from_label = m.label AND e.from_id = m.id AND e.type = $3
      UNION
      SELECT e.from_label, e.from_id, m.id FROM middle m JOIN ${edges} e ON e.to_label = m.label AND e.to_id = m.id AND e.type = $3),
    counted AS (SELECT label, id, count(*) AS shared FROM reached WHERE (label, id) <> ($1, $2) GROUP BY label, id)
    SELECT n.label, n.id, n.properties, c.shared FROM counted c JOIN ${nodes} n ON n.label = c.label AND n.id = c.id AND NOT n.deleted
     ORDER BY c.shared DESC, n.id, n.label LIMIT $5`;
}

/**
 * The edges from a frontier to live nodes, in either direction. $1: `[{ label, id }]`, $2: types, $3: null, or the only nodes they may
 * reach. Each reached node once.
 */
export function stepsStatement({ nodes, edges }: GraphTables): string {
  return `WITH frontier AS MATERIALIZED (SELECT label, id FROM json_to_recordset($1::json) AS f (label text, id text)),
    steps AS (
      SELECT e.from_label AS a_label, e.from_id AS a_id, e.to_label AS b_label, e.to_id AS b_id, e.type, true AS forward, e.properties
        FROM frontier f JOIN ${edges} e ON e.from_label = f.label AND e.from_id = f.id WHERE e.type = ANY ($2::text[])
      UNION ALL
      SELECT e.to_label, e.to_id, e.from_label, e.from_id, e.type, false, e.properties
        FROM frontier f JOIN ${edges} e ON e.to_label = f.label AND e.to_id = f.id WHERE e.type = ANY ($2::text[]))
    SELECT DISTINCT ON (s.b_label, s.b_id) s.* FROM steps s JOIN ${nodes} n ON n.label = s.b_label AND n.id = s.b_id AND NOT n.deleted
     WHERE $3::json IS NULL OR (s.b_label, s.b_id) IN (SELECT label, id FROM json_to_recordset($3::json) AS t (label text, id text))
     ORDER BY s.b_label, s.b_id, s.a_label, s.a_id, s.type, s.forward DESC`;
}

/** $1: `[{ label, id }]`. */
export const nodesStatement = ({ nodes }: GraphTables): string => `
  SELECT n.label, n.id, n.properties FROM json_to_recordset($1::json) AS r (label text, id text)
    JOIN ${nodes} n ON n.label = r.label AND n.id = r.id AND NOT n.deleted`;

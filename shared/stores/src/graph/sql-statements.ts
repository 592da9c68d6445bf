import type { GraphTables } from './sql-schema.js';

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

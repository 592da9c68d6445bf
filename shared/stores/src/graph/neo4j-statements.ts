import neo4j from 'neo4j-driver';
import type { ScanOptions, VerifyOptions } from '../vectors/port.js';
import type { CypherStatement } from './neo4j-connection.js';
import type { NeighbourQuery, NeighboursOfEachQuery, NodeRef, PathQuery, SharedNeighbourQuery } from './port.js';

/**
 * What a graph looks like in Neo4j:
 *
 * - A live node has its label and no other, its properties, `id`, and `_revision`, `_fence`, `_fingerprint`, `_owned` (the types of its edges) and
 *   `_checksum`. Nodes that were written before there were checksums lack the last two and the fence.
 * - What is not there (any more) is `(:_Absent {_label, id})`: with `_revision`, `_fence`, `_deleted` and `_removedAt` a tombstone, without a
 *   placeholder that edges already lead to. One node moves between the two labels, so edges to it stay; Cypher over `(:Template)` sees neither.
 * - `(:_Lock {bucket})` nodes order writers: a writer locks the buckets of all nodes it touches, in ascending order, before it reads a
 *   revision. That rules out that two writers create the absent and the live node at once, and keeps them out of each other's deadlocks:
 *   60 rounds of 12 writers over 6 nodes took 7 s with these locks and 76 s without.
 */
export const LOCK_BUCKETS = 256;

/** The labels as stored, each in backticks; `prefix` keeps graphs apart that share a database. */
export class Labels {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get absent(): string {
    return this.quoted('_Absent');
  }

  get lock(): string {
    return this.quoted('_Lock');
  }

  stored(label: string): string {
    return `${this.#prefix}${label}`;
  }

  quoted(label: string): string {
    return `\`${this.stored(label)}\``;
  }

  /** The label of the port from the one stored. */
  plain(stored: unknown): string {
    return String(stored).slice(this.#prefix.length);
  }
}

/** The constraints every graph needs; they are also the indexes all lookups use. */
export function baseSchema(labels: Labels): string[] {
  return [
    `CREATE CONSTRAINT IF NOT EXISTS FOR (n:${labels.absent}) REQUIRE (n._label, n.id) IS UNIQUE`,
    `CREATE CONSTRAINT IF NOT EXISTS FOR (l:${labels.lock}) REQUIRE l.bucket IS UNIQUE`,
    `CREATE INDEX IF NOT EXISTS FOR (n:${labels.absent}) ON (n._label, n._removedAt)`,
  ];
}

export function labelSchema(labels: Labels, label: string): string {
  return `CREATE CONSTRAINT IF NOT EXISTS FOR (n:${labels.quoted(label)}) REQUIRE n.id IS UNIQUE`;
}

export function createLocks(labels: Labels): CypherStatement {
  return { cypher: `UNWIND range(0, ${LOCK_BUCKETS - 1}) AS bucket MERGE (:${labels.lock} {bucket: bucket})`, parameters: {} };
}

export function nodeStatement(labels: Labels, { label, id }: NodeRef): CypherStatement {
  return { cypher: `MATCH (n:${labels.quoted(label)} {id: $id}) RETURN ${nodeMap('n')} AS node`, parameters: { id } };
}

export function neighboursStatement(labels: Labels, { from, edge, direction, label, limit }: NeighbourQuery): CypherStatement {
  const step = `${direction === 'in' ? '<' : ''}-[e:\`${edge}\`]-${direction === 'out' ? '>' : ''}`;
  return {
    cypher: `MATCH (:${labels.quoted(from.label)} {id: $id})${step}(n${label === undefined ? '' : `:${labels.quoted(label)}`})
      WHERE NOT n:${labels.absent}
      WITH n, e ORDER BY e.weight DESC, n.id, head(labels(n)) LIMIT $limit
      RETURN ${nodeMap('n')} AS node, properties(e) AS edge`,
    parameters: { id: from.id, limit: neo4j.int(limit) },
  };
}

/** As `neighboursStatement` for each of the ids; `position` is the id's, from 0. */
export function neighboursOfEachStatement(labels: Labels, ids: readonly string[], query: NeighboursOfEachQuery): CypherStatement {
  const { cypher, parameters } = neighboursStatement(labels, { ...query, from: { label: query.from, id: '' } });
  return {
    cypher: `UNWIND range(0, size($ids) - 1) AS position
      CALL (position) { ${cypher.replace('{id: $id}', '{id: $ids[position]}')} }
      RETURN position, node, edge`,
    parameters: { ...parameters, ids },
  };
}

export function sharedNeighboursStatement(labels: Labels, { from, edge, through, limit }: SharedNeighbourQuery): CypherStatement {
  return {
    cypher: `MATCH (s:${labels.quoted(from.label)} {id: $id})-[:\`${edge}\`]-(m:${labels.quoted(through)})-[:\`${edge}\`]-(n)
      WHERE n <> s AND NOT n:${labels.absent}
      WITH n, count(DISTINCT m) AS shared ORDER BY shared DESC, n.id, head(labels(n)) LIMIT $limit
      RETURN ${nodeMap('n')} AS node, shared`,
    parameters: { id: from.id, limit: neo4j.int(limit) },
  };
}

export function shortestPathStatement(labels: Labels, { from, to, edges, maxDepth }: PathQuery): CypherStatement {
  const types = edges.map((edge) => `\`${edge}\``).join('|');
  return {
    cypher: `MATCH (a:${labels.quoted(from.label)} {id: $from}), (b:${labels.quoted(to.label)} {id: $to})
      MATCH p = shortestPath((a)-[:${types}*..${maxDepth}]-(b)) WHERE none(n IN nodes(p) WHERE n:${labels.absent})
      RETURN [n IN nodes(p) | ${nodeMap('n')}] AS nodes, [i IN range(0, length(p) - 1) | {type: type(relationships(p)[i]),
        forward: startNode(relationships(p)[i]) = nodes(p)[i], properties: properties(relationships(p)[i])}] AS steps`,
    parameters: { from: from.id, to: to.id },
  };
}

export function scanStatement(labels: Labels, label: string, { after = '', limit, ...options }: ScanOptions): CypherStatement {
  return {
    cypher: `CALL {
        MATCH (n:${labels.quoted(label)}) WHERE n.id > $after RETURN n ORDER BY n.id LIMIT $limit
        UNION ALL
        MATCH (n:${labels.absent}) WHERE n._label = $label AND n.id > $after AND n._deleted RETURN n ORDER BY n.id LIMIT $limit
      }
      WITH n ORDER BY n.id LIMIT $limit ${entryColumns(options)} ORDER BY id`,
    parameters: { label: labels.stored(label), after, limit: neo4j.int(limit) },
  };
}

export function entriesStatement(labels: Labels, label: string, ids: readonly string[], options: VerifyOptions): CypherStatement {
  return {
    cypher: `UNWIND $ids AS id CALL (id) {
        MATCH (n:${labels.quoted(label)} {id: id}) RETURN n
        UNION ALL
        MATCH (n:${labels.absent} {_label: $label, id: id}) WHERE n._deleted RETURN n
      }
      WITH n ${entryColumns(options)}`,
    parameters: { label: labels.stored(label), ids: [...new Set(ids)] },
  };
}

/** With `verify` all that the checksum covers. */
function entryColumns({ verify }: VerifyOptions): string {
  const edges = `CALL (n) {
      OPTIONAL MATCH (n)-[e]->(m) WHERE type(e) IN n._owned
      RETURN collect(e {.*, _type: type(e), _label: coalesce(m._label, head(labels(m))), _id: m.id}) AS edges
    }`;
  return `${verify ? edges : ''}
    RETURN n.id AS id, coalesce(n._revision, 0) AS revision, coalesce(n._fence, 0) AS fence, coalesce(n._fingerprint, '') AS fingerprint,
      coalesce(n._deleted, false) AS deleted${verify ? ', properties(n) AS properties, edges' : ''}`;
}

const nodeMap = (variable: string): string => `{label: head(labels(${variable})), properties: properties(${variable})}`;

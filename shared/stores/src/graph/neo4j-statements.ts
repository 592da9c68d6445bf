import neo4j from 'neo4j-driver';
import { keyOf } from './input.js';
import type {
  GraphDocument,
  GraphProperties,
  NeighbourQuery,
  NeighboursOfEachQuery,
  NodeRef,
  PathQuery,
  SharedNeighbourQuery,
} from './port.js';
import type { CypherStatement } from './neo4j-connection.js';
import type { Tombstone } from '../vectors/port.js';

/**
 * What a graph looks like in Neo4j:
 *
 * - A live node has its label and no other, its properties, `id`, and `_revision` and `_fingerprint`.
 * - What is not there (any more) is `(:_Absent {_label, id})`: with `_revision` and `_deleted` a tombstone, without a placeholder that edges
 *   already lead to. One node moves between the two labels, so its edges stay with it; Cypher over `(:Template)` sees neither.
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
  ];
}

export function labelSchema(labels: Labels, label: string): string {
  return `CREATE CONSTRAINT IF NOT EXISTS FOR (n:${labels.quoted(label)}) REQUIRE n.id IS UNIQUE`;
}

export function createLocks(labels: Labels): CypherStatement {
  return { cypher: `UNWIND range(0, ${LOCK_BUCKETS - 1}) AS bucket MERGE (:${labels.lock} {bucket: bucket})`, parameters: {} };
}

/** Setting a property takes the node's write lock, whether the value changes or not. */
export function lock(labels: Labels, refs: readonly NodeRef[]): CypherStatement {
  const buckets = [...new Set(refs.map((ref) => bucketOf(keyOf(ref))))].toSorted((a, b) => a - b);
  return {
    cypher: `UNWIND $buckets AS bucket MATCH (l:${labels.lock} {bucket: bucket}) SET l.held = true`,
    parameters: { buckets: buckets.map((bucket) => neo4j.int(bucket)) },
  };
}

/** Gives every one of the nodes of a label a node to stand on. */
export function ensureNodes(labels: Labels, label: string, ids: readonly string[]): CypherStatement {
  return {
    cypher: `UNWIND $ids AS id OPTIONAL MATCH (live:${labels.quoted(label)} {id: id}) WITH id, live WHERE live IS NULL
      MERGE (:${labels.absent} {_label: $label, id: id})`,
    parameters: { label: labels.stored(label), ids: [...new Set(ids)] },
  };
}

const find = (labels: Labels, label: string, id: string): string =>
  `OPTIONAL MATCH (live:${labels.quoted(label)} {id: ${id}}) OPTIONAL MATCH (absent:${labels.absent} {_label: $label, id: ${id}})`;

export function applyNodes(labels: Labels, label: string, documents: readonly GraphDocument[], force: boolean): CypherStatement {
  return {
    cypher: `UNWIND $rows AS row ${find(labels, label, 'row.id')} WITH row, coalesce(live, absent) AS n
      WHERE row._revision > coalesce(n._revision, -1)
         OR ($force AND row._revision = n._revision AND row._fingerprint <> coalesce(n._fingerprint, ''))
      SET n = row SET n:${labels.quoted(label)} REMOVE n:${labels.absent} RETURN row.id AS id`,
    parameters: {
      label: labels.stored(label),
      force,
      rows: documents.map(({ id, revision, fingerprint, properties }) => ({
        ...stored(properties),
        id,
        _revision: neo4j.int(revision),
        _fingerprint: fingerprint,
      })),
    },
  };
}

/** At an equal revision a removal wins over a live node. */
export function removeNodes(labels: Labels, label: string, tombstones: readonly Tombstone[]): CypherStatement {
  return {
    cypher: `UNWIND $rows AS row ${find(labels, label, 'row.id')} WITH row, live, coalesce(live, absent) AS n
      WHERE row._revision > coalesce(n._revision, -1) OR (row._revision = n._revision AND live IS NOT NULL)
      OPTIONAL MATCH (n)-[e]-() DELETE e WITH DISTINCT row, n
      SET n = row SET n:${labels.absent} REMOVE n:${labels.quoted(label)} RETURN row.id AS id`,
    parameters: {
      label: labels.stored(label),
      rows: tombstones.map(({ id, revision }) => ({ id, _label: labels.stored(label), _revision: neo4j.int(revision), _deleted: true })),
    },
  };
}

/** Deletes the edges that the documents own and no longer have, then writes those they have: one statement per combination of labels and type. */
export function replaceEdges(labels: Labels, documents: readonly GraphDocument[]): CypherStatement[] {
  const drops = new Map<string, { cypher: string; rows: unknown[] }>();
  const writes = new Map<string, { cypher: string; label: string; rows: unknown[] }>();
  for (const { label, id, ownedEdges, edges } of documents) {
    const owner = labels.quoted(label);
    for (const type of ownedEdges) {
      const drop = entryOf(drops, `${label} ${type}`, () => ({
        cypher: `UNWIND $rows AS row MATCH (:${owner} {id: row.id})-[e:\`${type}\`]->(m)
          WHERE NOT coalesce(m._label, head(labels(m))) + ':' + m.id IN row.keep DELETE e`,
        rows: [],
      }));
      const keep = edges.filter((edge) => edge.type === type).map(({ to }) => keyOf({ label: labels.stored(to.label), id: to.id }));
      drop.rows.push({ id, keep });
    }
    for (const { type, to, weight, properties } of edges) {
      const write = entryOf(writes, `${label} ${type} ${to.label}`, () => ({
        cypher: `UNWIND $rows AS row MATCH (n:${owner} {id: row.id}) ${find(labels, to.label, 'row.to')}
          WITH row, n, coalesce(live, absent) AS m MERGE (n)-[e:\`${type}\`]->(m) SET e = row.properties`,
        label: labels.stored(to.label),
        rows: [],
      }));
      // A weight is a Float even when it is whole; other whole numbers are Integers.
      write.rows.push({ id, to: to.id, properties: { ...stored(properties), weight } });
    }
  }
  return [...drops.values(), ...writes.values()].map(({ cypher, ...parameters }) => ({ cypher, parameters }));
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

export function scanStatement(labels: Labels, label: string, { after = '', limit }: { after?: string; limit: number }): CypherStatement {
  return {
    cypher: `CALL {
        MATCH (n:${labels.quoted(label)}) WHERE n.id > $after RETURN n ORDER BY n.id LIMIT $limit
        UNION ALL
        MATCH (n:${labels.absent}) WHERE n._label = $label AND n.id > $after AND n._deleted RETURN n ORDER BY n.id LIMIT $limit
      }
      RETURN n.id AS id, n._revision AS revision, coalesce(n._fingerprint, '') AS fingerprint, coalesce(n._deleted, false) AS deleted
       ORDER BY id LIMIT $limit`,
    parameters: { label: labels.stored(label), after, limit: neo4j.int(limit) },
  };
}

const nodeMap = (variable: string): string => `{label: head(labels(${variable})), properties: properties(${variable})}`;

/** Whole numbers as Integers: the driver sends every JavaScript number as a Float. */
function stored(properties: GraphProperties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === 'number' && Number.isSafeInteger(value) ? neo4j.int(value) : value,
    ]),
  );
}

function entryOf<T>(map: Map<string, T>, key: string, create: () => T): T {
  const known = map.get(key);
  if (known) return known;
  const created = create();
  map.set(key, created);
  return created;
}

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < key.length; position += 1) hash = Math.imul(hash ^ key.charCodeAt(position), 0x01000193);
  return (hash >>> 0) % LOCK_BUCKETS;
}

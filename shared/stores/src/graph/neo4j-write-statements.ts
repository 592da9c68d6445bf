import neo4j from 'neo4j-driver';
import type { Tombstone } from '../vectors/port.js';
import type { StoredOrder } from '../vectors/write-order.js';
import { keyOf } from './input.js';
import { checksumOf } from './neo4j-checksum.js';
import type { CypherStatement } from './neo4j-connection.js';
import { LOCK_BUCKETS, type Labels } from './neo4j-statements.js';
import type { GraphDocument, GraphProperties, NodeRef } from './port.js';

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

/**
 * Goes on with the rows that are ahead of their node `n`; `ahead` tells when a row of the same revision is. A placeholder is behind everything,
 * a live node of somebody else's making has revision 0.
 */
const taken = (labels: Labels, label: string, ahead: string): string => `UNWIND $rows AS row ${find(labels, label, 'row.id')}
  WITH row, live, coalesce(live, absent) AS n
  WITH row, live, n, coalesce(n._revision, CASE WHEN live IS NULL THEN -1 ELSE 0 END) AS revision, coalesce(n._fence, 0) AS fence
  WHERE CASE WHEN row.replaces IS NOT NULL THEN revision = row.replaces[0] AND fence = row.replaces[1]
    ELSE row.revision > revision OR (row.revision = revision AND (${ahead})) END`;

/** Where the fingerprint is that of the live node, order alone is written. Answers the nodes that were taken, and whether they were `written` whole. */
export function applyNodes(labels: Labels, label: string, documents: readonly GraphDocument[]): CypherStatement {
  const ahead = `live IS NOT NULL AND (row.fence > fence OR (row.fence = fence AND row.fingerprint <> coalesce(n._fingerprint, '')))`;
  return {
    cypher: `${taken(labels, label, ahead)}
      WITH row, n, row.replaces IS NULL AND live IS NOT NULL AND n._checksum IS NOT NULL AND n._fingerprint = row.fingerprint AS kept
      FOREACH (_ IN CASE WHEN kept THEN [1] ELSE [] END | SET n._revision = row.revision, n._fence = row.fence)
      FOREACH (_ IN CASE WHEN kept THEN [] ELSE [1] END | SET n = row.node SET n:${labels.quoted(label)} REMOVE n:${labels.absent})
      RETURN row.id AS id, NOT kept AS written`,
    parameters: {
      label: labels.stored(label),
      rows: documents.map((document) => ({
        ...orderOf(document),
        fingerprint: document.fingerprint,
        node: {
          ...stored(document.properties),
          id: document.id,
          _revision: neo4j.int(document.revision),
          _fence: neo4j.int(document.fence ?? 0),
          _fingerprint: document.fingerprint,
          _owned: [...document.ownedEdges],
          _checksum: checksumOf(document),
        },
      })),
    },
  };
}

/** Edges that point at the node belong to others. */
export function removeNodes(labels: Labels, label: string, tombstones: readonly Tombstone[]): CypherStatement {
  return {
    cypher: `${taken(labels, label, 'live IS NOT NULL OR row.fence > fence')}
      OPTIONAL MATCH (n)-[e]->() DELETE e WITH DISTINCT row, n
      SET n = {id: row.id, _label: $label, _revision: row.revision, _fence: row.fence, _deleted: true, _removedAt: timestamp()}
      SET n:${labels.absent} REMOVE n:${labels.quoted(label)} RETURN row.id AS id`,
    parameters: { label: labels.stored(label), rows: tombstones.map(orderOf) },
  };
}

/** Tombstones that are older; those of before there were checksums carry no time and stay. */
export function oldTombstones(
  labels: Labels,
  label: string,
  { olderThanMs, limit }: { olderThanMs: number; limit: number },
): CypherStatement {
  return {
    cypher: `MATCH (n:${labels.absent}) WHERE n._label = $label AND n._removedAt < timestamp() - $olderThanMs RETURN n.id AS id LIMIT $limit`,
    parameters: { label: labels.stored(label), olderThanMs: neo4j.int(olderThanMs), limit: neo4j.int(limit) },
  };
}

/** Forgets tombstones, under their locks; one that edges lead to stays as their placeholder. */
export function purgeNodes(labels: Labels, label: string, options: { ids: readonly string[]; olderThanMs: number }): CypherStatement {
  return {
    cypher: `UNWIND $ids AS id MATCH (n:${labels.absent} {_label: $label, id: id}) WHERE n._removedAt < timestamp() - $olderThanMs
      WITH n, id, EXISTS { (n)--() } AS linked
      FOREACH (_ IN CASE WHEN linked THEN [1] ELSE [] END | SET n = {_label: $label, id: id})
      FOREACH (_ IN CASE WHEN linked THEN [] ELSE [1] END | DELETE n)
      RETURN id`,
    parameters: { label: labels.stored(label), ids: options.ids, olderThanMs: neo4j.int(options.olderThanMs) },
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

function orderOf({ id, revision, fence = 0, replaces }: { id: string; revision: number; fence?: number; replaces?: StoredOrder }): object {
  return {
    id,
    revision: neo4j.int(revision),
    fence: neo4j.int(fence),
    ...(replaces && { replaces: [neo4j.int(replaces.revision), neo4j.int(replaces.fence)] }),
  };
}

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

import type { ScanEntry } from '../vectors/port.js';
import { checksumOf } from './neo4j-checksum.js';
import type { CypherRow } from './neo4j-connection.js';
import type { Labels } from './neo4j-statements.js';
import type { GraphEdge, GraphProperties } from './port.js';

/** An entry as the port gives it, out of a row of `scanStatement` or `entriesStatement`; verified when the row carries the content. */
export function toEntry(labels: Labels, label: string, row: CypherRow): ScanEntry {
  // The statements return exactly the fields of an entry, and with `verify` two more.
  const { properties, edges, ...entry } = row as unknown as ScanEntry & { properties?: GraphProperties; edges?: StoredEdge[] };
  if (!properties) return entry;
  if (entry.deleted) return { ...entry, intact: true };
  const { _fence, _owned, _checksum, id } = properties;
  // Written before there were checksums: nobody knows.
  if (_fence === undefined && _checksum === undefined) return entry;
  const checksum = checksumOf({
    label,
    id: String(id),
    fingerprint: entry.fingerprint,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'id' && !name.startsWith('_'))),
    ownedEdges: Array.isArray(_owned) ? _owned : [],
    edges: (edges ?? []).map((edge) => toEdge(labels, edge)),
  });
  return { ...entry, intact: checksum === _checksum };
}

interface StoredEdge {
  readonly [property: string]: GraphProperties[string];
  readonly _type: string;
  readonly _label: string;
  readonly _id: string;
}

function toEdge(labels: Labels, { _type, _label, _id, weight, ...properties }: StoredEdge): GraphEdge {
  return { type: _type, to: { label: labels.plain(_label), id: _id }, weight: Number(weight), properties };
}

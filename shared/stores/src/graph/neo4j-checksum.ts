import { createHash } from 'node:crypto';
import type { GraphDocument, GraphProperties } from './port.js';

/** What a checksum covers: the node's content, and nothing that a fence moves. */
export type NodeContent = Pick<GraphDocument, 'label' | 'id' | 'fingerprint' | 'properties' | 'ownedEdges' | 'edges'>;

/** The checksum of a node, the same for the document that was written and for what is read back, in whatever order. */
export function checksumOf({ label, id, fingerprint, properties, ownedEdges, edges }: NodeContent): string {
  const edgesInOrder = edges
    .map(({ type, to, weight, properties: own }) => JSON.stringify([type, to.label, to.id, weight, sorted(own)]))
    .toSorted();
  const content = [label, id, fingerprint, sorted(properties), ownedEdges.toSorted(), edgesInOrder];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

const sorted = (properties: GraphProperties): unknown[] => Object.entries(properties).toSorted(([a], [b]) => (a < b ? -1 : 1));

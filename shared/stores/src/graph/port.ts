import type { Health } from '@loomgraph/core';
import type { ApplyOutcome, PurgeOptions, ScanEntry, ScanOptions, Tombstone, VerifyOptions } from '../vectors/port.js';
import type { WriteOrder } from '../vectors/write-order.js';

/**
 * Nodes and edges with named traversals; no query language leaks out. It is a projection target: nodes are fenced by revision.
 *
 * 1. `apply` writes a node and replaces exactly the edges the document owns (all edges of the listed `ownedEdges` types that
 *    start at it) when it is ahead of the node: by revision; at an equal revision by fence; where both are equal, by another fingerprint. Else it
 *    answers `fenced`. A document with `replaces` is written exactly when that is what is there, else it is `fenced`. One with the fingerprint of
 *    the live node is the same content: only revision and fence are written, unless it `replaces`. Node and edges change together or not at all.
 *    Properties are replaced whole; one that is null is not stored and comes back absent. Of several documents of one node in a batch the foremost
 *    counts (of equals the last); of several edges of one type to one node, the last.
 * 2. An edge to a node that is not there yet creates a placeholder (label and id only) that `node`, `scan` and traversals do not
 *    answer and paths do not cross, until its own document arrives.
 * 3. `remove` deletes the node's properties and all edges that start at it, and leaves a tombstone: an older `apply` is fenced. Edges that point at it
 *    belong to other documents; they wait, as in clause 2. At an equal revision a removal wins over a live node, in whatever order they come and
 *    whatever their fences; only `replaces` lifts it.
 * 4. `neighbours` follows one edge type one step, out, in or both; ordered by the edge's weight descending, then id. A neighbour joined
 *    by an edge each way comes twice, an edge from the node to itself once.
 *    `neighboursOfEach` answers the same for many nodes of one label, in their order, `limit` each, in one round trip.
 * 5. `sharedNeighbours` finds nodes reached by two steps over one edge type, in any direction, through a middle node of another label
 *    ("also used by"), with the number of distinct middle nodes; most first, then id; the start node excluded.
 * 6. `shortestPath` finds a shortest path over the given edge types in any direction, at most `maxDepth` edges (1..6); `null` when none.
 *    The start equal to the end gives a path of that one node.
 * 7. Unknown nodes have no neighbours and no paths. Labels, edge types and property names are identifiers (`[A-Za-z_][A-Za-z0-9_]*`, at most
 *    51 characters), else LoomError BAD_USER_INPUT; so for property names that start with `_`, a property `id` other than the node's, and
 *    an edge of a type that is not in `ownedEdges`. A property `weight` of an edge gives way to the edge's `weight`.
 * 8. `scan` walks nodes of a label in id order, tombstones included, placeholders excluded, `entries` answers those of some ids in their order (`null`
 *    where there is none), both for audits. With `verify` an entry says whether its node is `intact`: properties and owned edges are compared with a
 *    checksum that was written with them. Tombstones are intact. A node that was written before there were checksums has no `intact`.
 * 9. `purgeTombstones` forgets tombstones of a label that are older than the given age, at most `limit` a call, and answers how many.
 * 10. After `close`, every call rejects with StoreError `unavailable`.
 */
export interface GraphStore extends AsyncDisposable {
  apply(documents: readonly GraphDocument[]): Promise<ApplyOutcome[]>;
  remove(label: string, tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]>;
  node(label: string, id: string): Promise<GraphNode | null>;
  neighbours(query: NeighbourQuery): Promise<Neighbour[]>;
  neighboursOfEach(ids: readonly string[], query: NeighboursOfEachQuery): Promise<Neighbour[][]>;
  sharedNeighbours(query: SharedNeighbourQuery): Promise<{ node: GraphNode; shared: number }[]>;
  shortestPath(query: PathQuery): Promise<GraphPath | null>;
  entries(label: string, ids: readonly string[], options?: VerifyOptions): Promise<(ScanEntry | null)[]>;
  scan(label: string, options: ScanOptions): Promise<ScanEntry[]>;
  purgeTombstones(label: string, options: PurgeOptions): Promise<number>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export type GraphProperty = string | number | boolean | null | readonly string[];
export type GraphProperties = Readonly<Record<string, GraphProperty>>;

export interface NodeRef {
  readonly label: string;
  readonly id: string;
}

export interface GraphNode extends NodeRef {
  readonly properties: GraphProperties;
}

export interface GraphDocument extends NodeRef, WriteOrder {
  readonly fingerprint: string;
  readonly properties: GraphProperties;
  /** Edge types this document owns: edges of these types from this node that are not in `edges` are removed. */
  readonly ownedEdges: readonly string[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphEdge {
  readonly type: string;
  readonly to: NodeRef;
  readonly properties: GraphProperties;
  /** Orders neighbours; stored as property `weight`. */
  readonly weight: number;
}

export interface NeighbourQuery {
  readonly from: NodeRef;
  readonly edge: string;
  readonly direction: 'out' | 'in' | 'both';
  readonly label?: string;
  readonly limit: number;
}

/** `from` is the label of the nodes that are asked about. */
export interface NeighboursOfEachQuery extends Omit<NeighbourQuery, 'from'> {
  readonly from: string;
}

export interface Neighbour {
  readonly node: GraphNode;
  readonly properties: GraphProperties;
  readonly weight: number;
}

export interface SharedNeighbourQuery {
  readonly from: NodeRef;
  readonly edge: string;
  /** Label of the node in the middle, for example User. */
  readonly through: string;
  readonly limit: number;
}

export interface PathQuery {
  readonly from: NodeRef;
  readonly to: NodeRef;
  readonly edges: readonly string[];
  readonly maxDepth: number;
}

export interface GraphPath {
  readonly nodes: readonly GraphNode[];
  /** One entry per step; `forward` tells whether the edge points along the path. */
  readonly steps: readonly { type: string; forward: boolean; properties: GraphProperties }[];
}

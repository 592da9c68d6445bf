import { LoomError, probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { SqlDatabase } from '../postgres/port.js';
import { ensureSchema } from '../postgres/schema.js';
import { isIdentifier } from '../postgres/values.js';
import { checkLimit, checkRevised, toEntry } from '../vectors/documents.js';
import { newestPerKey } from '../vectors/newest.js';
import type { ApplyOutcome, PurgeOptions, ScanEntry, ScanOptions, Tombstone, VerifyOptions } from '../vectors/port.js';
import { replacesOf } from '../vectors/write-order.js';
import { checkIdentifiers, checkNeighbourQuery, checkPathQuery, checkSharedNeighbourQuery, keyOf, normalised } from './input.js';
import type {
  GraphDocument,
  GraphEdge,
  GraphNode,
  GraphPath,
  GraphProperties,
  GraphStore,
  Neighbour,
  NeighbourQuery,
  NeighboursOfEachQuery,
  NodeRef,
  PathQuery,
  SharedNeighbourQuery,
} from './port.js';
import { retryConflicts } from './retry.js';
import { shortestSteps, type Expand } from './sql-path.js';
import { graphSchema, graphTables, type GraphTables } from './sql-schema.js';
import {
  neighboursOfEachStatement,
  neighboursStatement,
  nodesStatement,
  sharedNeighboursStatement,
  stepsStatement,
} from './sql-statements.js';
import { applyNodes, entryColumns, purgeNodes, removeEdges, removeNodes, replaceEdges } from './sql-write-statements.js';

export interface SqlGraphOptions {
  /** Shared; closing the graph leaves it open. */
  readonly database: SqlDatabase;
  /** The PostgreSQL schema the tables are in. Default `graph`. */
  readonly schema?: string;
  /** Prefix of the table names, for several graphs in one schema. Default none. */
  readonly namespace?: string;
}

/** Opens a graph kept in a node and an edge table, creating them. */
export async function openSqlGraph(options: SqlGraphOptions): Promise<GraphStore> {
  const { database, schema = 'graph', namespace = '' } = options;
  for (const name of [schema, ...(namespace === '' ? [] : [namespace])]) {
    if (!isIdentifier(name)) throw new LoomError('CONFIG_INVALID', `Graph tables: "${name}" is not an identifier.`);
  }
  await ensureSchema(database, graphSchema(schema, namespace));
  return new SqlGraphStore(database, graphTables(schema, namespace));
}

class SqlGraphStore implements GraphStore {
  readonly #database: SqlDatabase;
  readonly #tables: GraphTables;
  #closed = false;

  constructor(database: SqlDatabase, tables: GraphTables) {
    this.#database = database;
    this.#tables = tables;
  }

  async apply(documents: readonly GraphDocument[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    const batch = newestPerKey(documents.map(normalised), keyOf);
    if (batch.items.length === 0) return [];
    const nodes = JSON.stringify(batch.items.map(toRow));
    const replaces = replacesOf(batch.items, keyOf);
    const applied = await retryConflicts(() =>
      this.#database.transaction(async (transaction) => {
        const { rows } = await transaction.query<NodeRef & { written: boolean }>(applyNodes(this.#tables), [nodes, replaces]);
        const written = new Set(rows.filter((row) => row.written).map(keyOf));
        const owners = batch.items.filter((document) => written.has(keyOf(document)) && document.ownedEdges.length > 0);
        if (owners.length > 0) await transaction.query(replaceEdges(this.#tables), [ownedEdges(owners), wantedEdges(owners)]);
        return rows.map(keyOf);
      }),
    );
    return batch.outcomes(new Set(applied));
  }

  async remove(label: string, tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    for (const tombstone of tombstones) checkRevised(tombstone);
    const batch = newestPerKey(tombstones, ({ id }) => id);
    if (batch.items.length === 0) return [];
    const rows = JSON.stringify(batch.items.map(({ id, revision, fence = 0 }) => ({ id, revision, fence })));
    const replaces = replacesOf(batch.items, ({ id }) => keyOf({ label, id }));
    const removed = await retryConflicts(() =>
      this.#database.transaction(async (transaction) => {
        const ids = (await transaction.query<{ id: string }>(removeNodes(this.#tables), [label, rows, replaces])).rows.map(({ id }) => id);
        if (ids.length > 0) await transaction.query(removeEdges(this.#tables), [label, ids]);
        return ids;
      }),
    );
    return batch.outcomes(new Set(removed));
  }

  async node(label: string, id: string): Promise<GraphNode | null> {
    this.#assertOpen();
    checkIdentifiers(label);
    return (await this.#nodes([{ label, id }])).get(keyOf({ label, id })) ?? null;
  }

  async neighbours(query: NeighbourQuery): Promise<Neighbour[]> {
    this.#assertOpen();
    checkNeighbourQuery(query);
    checkLimit(query.limit);
    const { from, edge, direction, label = null, limit } = query;
    const { rows } = await this.#database.query<GraphNode & { weight: number; edge: GraphProperties }>(
      neighboursStatement(this.#tables, direction),
      [from.label, from.id, edge, label, limit],
    );
    return rows.map((row) => ({ node: toNode(row), properties: row.edge, weight: row.weight }));
  }

  async neighboursOfEach(ids: readonly string[], query: NeighboursOfEachQuery): Promise<Neighbour[][]> {
    this.#assertOpen();
    checkNeighbourQuery({ ...query, from: { label: query.from, id: '' } });
    checkLimit(query.limit);
    const { from, edge, direction, label = null, limit } = query;
    const answers: Neighbour[][] = ids.map(() => []);
    if (ids.length === 0) return answers;
    const { rows } = await this.#database.query<GraphNode & { position: number; weight: number; edge: GraphProperties }>(
      neighboursOfEachStatement(this.#tables, direction),
      [from, ids, edge, label, limit],
    );
    for (const row of rows) answers[row.position]?.push({ node: toNode(row), properties: row.edge, weight: row.weight });
    return answers;
  }

  async sharedNeighbours(query: SharedNeighbourQuery): Promise<{ node: GraphNode; shared: number }[]> {
    this.#assertOpen();
    checkSharedNeighbourQuery(query);
    checkLimit(query.limit);
    const { from, edge, through, limit } = query;
    const { rows } = await this.#database.query<GraphNode & { shared: number }>(sharedNeighboursStatement(this.#tables), [
      from.label,
      from.id,
      edge,
      through,
      limit,
    ]);
    return rows.map((row) => ({ node: toNode(row), shared: row.shared }));
  }

  async shortestPath(query: PathQuery): Promise<GraphPath | null> {
    this.#assertOpen();
    checkPathQuery(query);
    const { from, to, edges, maxDepth } = query;
    const ends = await this.#nodes([from, to]);
    const start = ends.get(keyOf(from));
    if (!start || !ends.has(keyOf(to))) return null;
    if (keyOf(from) === keyOf(to)) return { nodes: [start], steps: [] };
    const steps = await shortestSteps(from, to, maxDepth, this.#expand(edges));
    if (!steps) return null;
    const refs = [from, ...steps.map(({ b }) => b)];
    const nodes = await this.#nodes(refs);
    const path = refs.flatMap((ref) => nodes.get(keyOf(ref)) ?? []);
    // A node that was removed between two steps takes the path with it.
    if (path.length < refs.length) return null;
    return { nodes: path, steps: steps.map(({ type, forward, properties }) => ({ type, forward, properties })) };
  }

  async entries(label: string, ids: readonly string[], options: VerifyOptions = {}): Promise<(ScanEntry | null)[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    if (ids.length === 0) return [];
    const { rows } = await this.#database.query<ScanEntry>(
      `SELECT ${entryColumns(this.#tables, options)} FROM ${this.#tables.nodes} t WHERE label = $1 AND id = ANY ($2::text[])`,
      [label, ids],
    );
    const byId = new Map(rows.map((row) => [row.id, toEntry(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async scan(label: string, options: ScanOptions): Promise<ScanEntry[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    checkLimit(options.limit);
    const { rows } = await this.#database.query<ScanEntry>(
      `SELECT ${entryColumns(this.#tables, options)} FROM ${this.#tables.nodes} t WHERE label = $1 AND id > $2 ORDER BY id LIMIT $3`,
      [label, options.after ?? '', options.limit],
    );
    return rows.map(toEntry);
  }

  async purgeTombstones(label: string, { olderThanMs, limit }: PurgeOptions): Promise<number> {
    this.#assertOpen();
    checkIdentifiers(label);
    checkLimit(limit);
    return (await this.#database.query(purgeNodes(this.#tables), [label, olderThanMs, limit])).affected;
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'graph', backend: this.#database.backend }, async () => {
      this.#assertOpen();
      await this.#database.query(`SELECT 1 FROM ${this.#tables.nodes} LIMIT 1`);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #expand(types: readonly string[]): Expand {
    return async (frontier, targets) => {
      const { rows } = await this.#database.query<StepRow>(stepsStatement(this.#tables), [
        JSON.stringify(frontier.map(toRef)),
        types,
        targets && JSON.stringify(targets.map(toRef)),
      ]);
      return rows.map(({ a_label, a_id, b_label, b_id, type, forward, properties }) => ({
        a: { label: a_label, id: a_id },
        b: { label: b_label, id: b_id },
        type,
        forward,
        properties,
      }));
    };
  }

  async #nodes(refs: readonly NodeRef[]): Promise<ReadonlyMap<string, GraphNode>> {
    const { rows } = await this.#database.query<GraphNode>(nodesStatement(this.#tables), [JSON.stringify(refs.map(toRef))]);
    return new Map(rows.map((row) => [keyOf(row), toNode(row)]));
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', this.#database.backend, 'The graph is closed.');
  }
}

interface StepRow {
  readonly a_label: string;
  readonly a_id: string;
  readonly b_label: string;
  readonly b_id: string;
  readonly type: string;
  readonly forward: boolean;
  readonly properties: GraphProperties;
}

const toRef = ({ label, id }: NodeRef): NodeRef => ({ label, id });
const toNode = ({ label, id, properties }: GraphNode): GraphNode => ({ label, id, properties });

const toEdgeRow = ({ type, to, weight, properties }: GraphEdge): object => ({
  type,
  to_label: to.label,
  to_id: to.id,
  weight,
  properties,
});

function toRow({ label, id, revision, fence = 0, fingerprint, properties, ownedEdges: owned, edges }: GraphDocument): object {
  return { label, id, revision, fence, fingerprint, properties, owned: owned.toSorted(), edges: edges.map(toEdgeRow) };
}

function ownedEdges(owners: readonly GraphDocument[]): string {
  return JSON.stringify(owners.flatMap(({ label, id, ownedEdges: types }) => types.map((type) => ({ label, id, type }))));
}

function wantedEdges(owners: readonly GraphDocument[]): string {
  return JSON.stringify(owners.flatMap(({ label, id, edges }) => edges.map((edge) => ({ label, id, ...toEdgeRow(edge) }))));
}

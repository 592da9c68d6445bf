import { LoomError, probeHealth, StoreError, type Health } from '@loomgraph/core';
import { isIdentifier } from '../postgres/values.js';
import { checkLimit, checkRevised } from '../vectors/documents.js';
import { newestPerKey } from '../vectors/newest.js';
import type { ApplyOutcome, PurgeOptions, ScanEntry, ScanOptions, Tombstone, VerifyOptions } from '../vectors/port.js';
import { checkIdentifiers, checkNeighbourQuery, checkPathQuery, checkSharedNeighbourQuery, keyOf, normalised } from './input.js';
import { Neo4jConnection, type CypherRow, type CypherStatement, type Neo4jConnectionOptions, type RunCypher } from './neo4j-connection.js';
import { isAlreadyThere } from './neo4j-errors.js';
import { toEntry } from './neo4j-entry.js';
import {
  baseSchema,
  createLocks,
  entriesStatement,
  Labels,
  labelSchema,
  neighboursOfEachStatement,
  neighboursStatement,
  nodeStatement,
  scanStatement,
  sharedNeighboursStatement,
  shortestPathStatement,
} from './neo4j-statements.js';
import { applyNodes, ensureNodes, lock, oldTombstones, purgeNodes, removeNodes, replaceEdges } from './neo4j-write-statements.js';
import type {
  GraphDocument,
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

export interface Neo4jGraphOptions extends Neo4jConnectionOptions {
  /** Get their unique constraint when the graph opens; any other label when it is first written. */
  readonly labels: readonly string[];
  /** Put before every label, so that graphs can share a database. Default none. */
  readonly labelPrefix?: string;
}

/**
 * Opens a graph in Neo4j 5, creating its constraints.
 * @throws StoreError `unavailable` when the server is not there, LoomError CONFIG_INVALID.
 */
export async function openNeo4jGraph(options: Neo4jGraphOptions): Promise<GraphStore> {
  const { labelPrefix = '' } = options;
  for (const label of options.labels) {
    if (!isIdentifier(`${labelPrefix}${label}`))
      throw new LoomError('CONFIG_INVALID', `Graph label "${labelPrefix}${label}" is not an identifier.`);
  }
  const store = new Neo4jGraphStore(new Neo4jConnection(options), new Labels(labelPrefix));
  try {
    await store.prepare(options.labels);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class Neo4jGraphStore implements GraphStore {
  readonly #connection: Neo4jConnection;
  readonly #labels: Labels;
  readonly #constraints = new Map<string, Promise<void>>();

  constructor(connection: Neo4jConnection, labels: Labels) {
    this.#connection = connection;
    this.#labels = labels;
  }

  async prepare(labels: readonly string[]): Promise<void> {
    for (const cypher of baseSchema(this.#labels)) await this.#define(cypher);
    await this.#ensureLabels(labels);
    await this.#connection.write((run) => run(createLocks(this.#labels)));
  }

  async apply(documents: readonly GraphDocument[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    const batch = newestPerKey(documents.map(normalised), keyOf);
    if (batch.items.length === 0) return [];
    const touched = batch.items.flatMap((document): NodeRef[] => [document, ...document.edges.map(({ to }) => to)]);
    await this.#ensureLabels(touched.map(({ label }) => label));
    const applied = await this.#connection.write(async (run) => {
      const documentsByLabel = [...groupByLabel(batch.items)];
      const nodes = documentsByLabel.map(([label, group]) => applyNodes(this.#labels, label, group));
      const answers = await this.#lockAndRun(run, touched, nodes);
      const taken = documentsByLabel.flatMap(([label], position) =>
        (answers[position] ?? []).map((row) => ({ key: keyOf({ label, id: String(row['id']) }), written: row['written'] === true })),
      );
      const written = new Set(taken.filter((node) => node.written).map(({ key }) => key));
      const edges = replaceEdges(
        this.#labels,
        batch.items.filter((document) => written.has(keyOf(document))),
      );
      if (edges.length > 0) await run(...edges);
      return new Set(taken.map(({ key }) => key));
    });
    return batch.outcomes(applied);
  }

  async remove(label: string, tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    for (const tombstone of tombstones) checkRevised(tombstone);
    const batch = newestPerKey(tombstones, ({ id }) => id);
    if (batch.items.length === 0) return [];
    await this.#ensureLabels([label]);
    const touched = batch.items.map(({ id }) => ({ label, id }));
    const [removed = []] = await this.#connection.write((run) =>
      this.#lockAndRun(run, touched, [removeNodes(this.#labels, label, batch.items)]),
    );
    return batch.outcomes(new Set(removed.map((row) => String(row['id']))));
  }

  async node(label: string, id: string): Promise<GraphNode | null> {
    this.#assertOpen();
    checkIdentifiers(label);
    const [row] = await this.#connection.read(nodeStatement(this.#labels, { label, id }));
    return row ? this.#toNode(row['node']) : null;
  }

  async neighbours(query: NeighbourQuery): Promise<Neighbour[]> {
    this.#assertOpen();
    checkNeighbourQuery(query);
    checkLimit(query.limit);
    const rows = await this.#connection.read(neighboursStatement(this.#labels, query));
    return rows.map((row) => this.#toNeighbour(row));
  }

  async neighboursOfEach(ids: readonly string[], query: NeighboursOfEachQuery): Promise<Neighbour[][]> {
    this.#assertOpen();
    checkNeighbourQuery({ ...query, from: { label: query.from, id: '' } });
    checkLimit(query.limit);
    const answers: Neighbour[][] = ids.map(() => []);
    if (ids.length === 0) return answers;
    for (const row of await this.#connection.read(neighboursOfEachStatement(this.#labels, ids, query))) {
      answers[Number(row['position'])]?.push(this.#toNeighbour(row));
    }
    return answers;
  }

  async sharedNeighbours(query: SharedNeighbourQuery): Promise<{ node: GraphNode; shared: number }[]> {
    this.#assertOpen();
    checkSharedNeighbourQuery(query);
    checkLimit(query.limit);
    const rows = await this.#connection.read(sharedNeighboursStatement(this.#labels, query));
    return rows.map((row) => ({ node: this.#toNode(row['node']), shared: Number(row['shared']) }));
  }

  async shortestPath(query: PathQuery): Promise<GraphPath | null> {
    this.#assertOpen();
    checkPathQuery(query);
    // Neo4j refuses a shortest path from a node to itself.
    if (keyOf(query.from) === keyOf(query.to)) {
      const node = await this.node(query.from.label, query.from.id);
      return node && { nodes: [node], steps: [] };
    }
    if (query.edges.length === 0) return null;
    const [row] = await this.#connection.read(shortestPathStatement(this.#labels, query));
    if (!row) return null;
    const steps = row['steps'] as GraphPath['steps'];
    return {
      nodes: (row['nodes'] as unknown[]).map((node) => this.#toNode(node)),
      steps: steps.map(({ type, forward, properties }) => ({ type, forward, properties: withoutWeight(properties) })),
    };
  }

  async entries(label: string, ids: readonly string[], options: VerifyOptions = {}): Promise<(ScanEntry | null)[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    if (ids.length === 0) return [];
    const rows = await this.#connection.read(entriesStatement(this.#labels, label, ids, options));
    const byId = new Map(rows.map((row) => [row['id'], toEntry(this.#labels, label, row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async scan(label: string, options: ScanOptions): Promise<ScanEntry[]> {
    this.#assertOpen();
    checkIdentifiers(label);
    checkLimit(options.limit);
    const rows = await this.#connection.read(scanStatement(this.#labels, label, options));
    return rows.map((row) => toEntry(this.#labels, label, row));
  }

  async purgeTombstones(label: string, options: PurgeOptions): Promise<number> {
    this.#assertOpen();
    checkIdentifiers(label);
    checkLimit(options.limit);
    const old = (await this.#connection.read(oldTombstones(this.#labels, label, options))).map((row) => String(row['id']));
    if (old.length === 0) return 0;
    const [, purged = []] = await this.#connection.write((run) =>
      run(
        lock(
          this.#labels,
          old.map((id) => ({ label, id })),
        ),
        purgeNodes(this.#labels, label, { ids: old, olderThanMs: options.olderThanMs }),
      ),
    );
    return purged.length;
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'graph', backend: 'neo4j' }, () => this.#connection.read({ cypher: 'RETURN 1', parameters: {} }));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Locks and creates what the statements touch, then runs them, all in one go. @returns the rows each of them answered. */
  async #lockAndRun(run: RunCypher, touched: readonly NodeRef[], statements: readonly CypherStatement[]): Promise<CypherRow[][]> {
    const before = [
      lock(this.#labels, touched),
      ...[...groupByLabel(touched)].map(([label, refs]) =>
        ensureNodes(
          this.#labels,
          label,
          refs.map(({ id }) => id),
        ),
      ),
    ];
    return (await run(...before, ...statements)).slice(before.length);
  }

  async #ensureLabels(labels: readonly string[]): Promise<void> {
    for (const label of new Set(labels)) {
      let constraint = this.#constraints.get(label);
      if (!constraint) {
        constraint = this.#define(labelSchema(this.#labels, label));
        this.#constraints.set(label, constraint);
        constraint.catch(() => this.#constraints.delete(label));
      }
      await constraint;
    }
  }

  async #define(cypher: string): Promise<void> {
    try {
      await this.#connection.define(cypher);
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
    }
  }

  #toNeighbour(row: Record<string, unknown>): Neighbour {
    const edge = row['edge'] as GraphProperties;
    return { node: this.#toNode(row['node']), properties: withoutWeight(edge), weight: Number(edge['weight']) };
  }

  #toNode(node: unknown): GraphNode {
    const { label, properties } = node as { label: string; properties: GraphProperties };
    const own = Object.entries(properties).filter(([name]) => name !== 'id' && !name.startsWith('_'));
    return { label: this.#labels.plain(label), id: String(properties['id']), properties: Object.fromEntries(own) };
  }

  #assertOpen(): void {
    if (this.#connection.closed) throw new StoreError('unavailable', 'neo4j', 'The graph is closed.');
  }
}

function groupByLabel<T extends NodeRef>(refs: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const ref of refs) {
    const group = groups.get(ref.label);
    if (group) group.push(ref);
    else groups.set(ref.label, [ref]);
  }
  return groups;
}

function withoutWeight(properties: GraphProperties): GraphProperties {
  const { weight: _, ...own } = properties;
  return own;
}

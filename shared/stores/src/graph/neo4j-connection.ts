import { StoreError } from '@loomgraph/core';
import neo4j, { type Driver, type Session } from 'neo4j-driver';
import { toNeo4jStoreError } from './neo4j-errors.js';
import { retryConflicts } from './retry.js';

export interface Neo4jConnectionOptions {
  /** `bolt://user:password@host:port`, or `neo4j://` for a cluster; without a password, no authentication. */
  readonly url: string;
  /** Default: the server's home database. */
  readonly database?: string;
  /** Connections at most. Default 20. */
  readonly poolSize?: number;
  /** Opening a connection, or waiting for a free one, at most. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** A statement or transaction at most. Default 15 s. */
  readonly statementTimeoutMs?: number;
}

export interface CypherStatement {
  readonly cypher: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type CypherRow = Record<string, unknown>;
/** Sends statements without waiting for each other's answers; they run in order. */
export type RunCypher = (...statements: readonly CypherStatement[]) => Promise<CypherRow[][]>;

/** The server is given this long to end an overdue transaction itself; a server that answers nothing at all is given up then. */
const SERVER_GRACE_MS = 1_000;

/**
 * A pool of Bolt connections. Every rejection is a StoreError. The driver's own retry is off: it would repeat failures for half a
 * minute that a caller has to hear of; only deadlocks are tried again here.
 */
export class Neo4jConnection {
  readonly #driver: Driver;
  readonly #database: string | undefined;
  readonly #timeoutMs: number;
  // Reads on any member of a cluster wait for what this process has written.
  readonly #bookmarkManager = neo4j.bookmarkManager();
  #closing: Promise<void> | undefined;

  constructor(options: Neo4jConnectionOptions) {
    const { target, auth } = parseUrl(options.url);
    const connectTimeoutMs = options.connectTimeoutMs ?? 5_000;
    this.#database = options.database;
    this.#timeoutMs = options.statementTimeoutMs ?? 15_000;
    this.#driver = neo4j.driver(target, auth, {
      maxConnectionPoolSize: options.poolSize ?? 20,
      connectionTimeout: connectTimeoutMs,
      connectionAcquisitionTimeout: connectTimeoutMs,
      maxTransactionRetryTime: 0,
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      // Labels and types that no node has yet are no news here.
      notificationFilter: { minimumSeverityLevel: 'OFF' },
    });
  }

  /** One statement, one round trip. */
  read(statement: CypherStatement): Promise<CypherRow[]> {
    return this.#withSession('READ', async (session) => {
      const { records } = await session.run(statement.cypher, statement.parameters, { timeout: this.#timeoutMs });
      return records.map((record) => record.toObject());
    });
  }

  /** One transaction; `work` may run several times, after a deadlock. */
  write<T>(work: (run: RunCypher) => Promise<T>): Promise<T> {
    return retryConflicts(() =>
      this.#withSession('WRITE', (session) =>
        session.executeWrite(
          (transaction) =>
            work(async (...statements) => {
              const results = await Promise.all(statements.map(({ cypher, parameters }) => transaction.run(cypher, parameters)));
              return results.map(({ records }) => records.map((record) => record.toObject()));
            }),
          { timeout: this.#timeoutMs },
        ),
      ),
    );
  }

  /** A change of the schema, which wants a transaction of its own. */
  async define(cypher: string): Promise<void> {
    await retryConflicts(() => this.#withSession('WRITE', (session) => session.run(cypher)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#driver.close();
    return this.#closing;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  async #withSession<T>(mode: 'READ' | 'WRITE', work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreError('unavailable', 'neo4j', 'neo4j: the graph is closed');
    const session = this.#driver.session({
      defaultAccessMode: neo4j.session[mode],
      bookmarkManager: this.#bookmarkManager,
      ...(this.#database === undefined ? {} : { database: this.#database }),
    });
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new StoreError('timeout', 'neo4j', `neo4j: no answer within ${this.#timeoutMs} ms`)),
          this.#timeoutMs + SERVER_GRACE_MS,
        );
      });
      return await Promise.race([work(session), overdue]);
    } catch (error) {
      throw toNeo4jStoreError(error, { isOverdue: performance.now() - startedAt >= this.#timeoutMs });
    } finally {
      clearTimeout(timer);
      // Not awaited: closing a session whose server hangs would hang as well, and its outcome changes nothing.
      void session.close().catch(() => {});
    }
  }
}

function parseUrl(url: string): { target: string; auth: ReturnType<typeof neo4j.auth.basic> | undefined } {
  const parsed = new URL(url);
  const auth = parsed.password ? neo4j.auth.basic(decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)) : undefined;
  return { target: `${parsed.protocol}//${parsed.host}${parsed.search}`, auth };
}

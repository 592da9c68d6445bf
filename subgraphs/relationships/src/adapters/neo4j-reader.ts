import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import neo4j, { type Driver, type QueryResult, type Session, type SessionConfig } from 'neo4j-driver';
import { toNeo4jStoreError } from './neo4j-errors.js';

export interface Neo4jReaderOptions {
  /** `bolt://user:password@host:port`, or `neo4j://` for a cluster; without a password, no authentication. */
  readonly url: string;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The server is given this long to end an overdue transaction itself; a server that answers nothing at all is given up then. */
const SERVER_GRACE_MS = 1_000;
/** A connection idle for longer is tried before it is used: the server may have been restarted meanwhile. */
const IDLE_BEFORE_CHECK_MS = 10_000;

/** What the driver calls so, and does not export. */
type TransactionConfig = Parameters<Session['run']>[2];

/** Runs a statement in the session that `executeRead` was called on. */
interface Statements {
  run(cypher: string, parameters: Record<string, unknown>): Promise<QueryResult>;
}

/**
 * What the library reads through in place of a driver: of a driver it uses this much. Each statement runs once and commits
 * by itself, where the driver's `executeRead` begins and commits around it and tries a dead server again after a second; it is limited
 * in time and measured, and its failure classified. Nothing is opened before the first statement.
 */
export class Neo4jReader {
  readonly #driver: Driver;
  readonly #statementTimeoutMs: number;
  readonly #duration;
  readonly #logger: Logger;

  constructor(options: Neo4jReaderOptions) {
    const { target, auth } = parseUrl(options.url);
    this.#logger = options.logger;
    this.#statementTimeoutMs = options.statementTimeoutMs;
    this.#duration = options.metrics.histogram('relationships_statement_seconds', 'Duration of statements of the relationships subgraph.', [
      'outcome',
    ]);
    this.#driver = neo4j.driver(target, auth, {
      maxConnectionPoolSize: options.poolSize,
      connectionTimeout: options.connectTimeoutMs,
      connectionAcquisitionTimeout: options.connectTimeoutMs,
      connectionLivenessCheckTimeout: IDLE_BEFORE_CHECK_MS,
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      // Labels and types that no node has yet are no news here.
      notificationFilter: { minimumSeverityLevel: 'OFF' },
    });
  }

  session(config: SessionConfig) {
    const session = this.#driver.session({ ...config, defaultAccessMode: neo4j.session.READ });
    return {
      executeRead: <T>(work: (statements: Statements) => Promise<T>, transaction?: TransactionConfig): Promise<T> =>
        work({
          run: (cypher, parameters) =>
            this.#measured(() => session.run(cypher, parameters, { ...transaction, timeout: this.#statementTimeoutMs })),
        }),
      // Not awaited: closing a session whose server hangs would hang as well, and its outcome changes nothing.
      close: (): Promise<void> => {
        void session.close().catch(() => {});
        return Promise.resolve();
      },
    };
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'graph', backend: 'neo4j' }, () => this.#driver.getServerInfo());
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async #measured<T>(statement: () => PromiseLike<T>): Promise<T> {
    const stop = this.#duration.startTimer();
    let timer: NodeJS.Timeout | undefined;
    try {
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new StoreError('timeout', 'neo4j', `The graph did not answer within ${this.#statementTimeoutMs} ms.`)),
          this.#statementTimeoutMs + SERVER_GRACE_MS,
        );
      });
      const answer = await Promise.race([statement(), overdue]);
      stop({ outcome: 'ok' });
      return answer;
    } catch (error) {
      const classified = toNeo4jStoreError(error);
      stop({ outcome: classified instanceof StoreError ? classified.kind : 'error' });
      this.#logger.warn('A statement of the relationships subgraph failed.', { error: classified });
      throw classified;
    } finally {
      clearTimeout(timer);
    }
  }
}

function parseUrl(url: string): { target: string; auth: ReturnType<typeof neo4j.auth.basic> | undefined } {
  const parsed = new URL(url);
  const auth = parsed.password ? neo4j.auth.basic(decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)) : undefined;
  return { target: `${parsed.protocol}//${parsed.host}${parsed.search}`, auth };
}

import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import neo4j, { type Driver } from 'neo4j-driver';
import type { RunStatement } from '../graphql/context.js';
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

/** The driver the library reads through, with what surrounds each of its statements. Nothing is opened before the first one. */
export class Neo4jReader {
  readonly driver: Driver;
  readonly #statementTimeoutMs: number;
  readonly #duration;
  readonly #logger: Logger;

  constructor(options: Neo4jReaderOptions) {
    const { target, auth } = parseUrl(options.url);
    this.#logger = options.logger;
    this.#statementTimeoutMs = options.statementTimeoutMs;
    this.#duration = options.metrics.histogram('relationships_statement_seconds', 'Duration of statements of the relationships subgraph.', ['field', 'outcome']);
    this.driver = neo4j.driver(target, auth, {
      maxConnectionPoolSize: options.poolSize,
      connectionTimeout: options.connectTimeoutMs,
      connectionAcquisitionTimeout: options.connectTimeoutMs,
      connectionLivenessCheckTimeout: IDLE_BEFORE_CHECK_MS,
      // The gateway retries; the driver would do so for half a minute, unheard.
      maxTransactionRetryTime: 0,
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      // Labels and types that no node has yet are no news here.
      notificationFilter: { minimumSeverityLevel: 'OFF' },
    });
  }

  /** @throws StoreError */
  readonly run: RunStatement = async (field, statement) => {
    const stop = this.#duration.startTimer({ field });
    let timer: NodeJS.Timeout | undefined;
    try {
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new StoreError('timeout', 'neo4j', `neo4j: no answer within ${this.#statementTimeoutMs} ms`)),
          this.#statementTimeoutMs + SERVER_GRACE_MS,
        );
      });
      const answer = await Promise.race([statement(), overdue]);
      stop({ outcome: 'ok' });
      return answer;
    } catch (error) {
      const classified = toNeo4jStoreError(error);
      stop({ outcome: classified instanceof StoreError ? classified.kind : 'error' });
      this.#logger.warn('A statement of the relationships subgraph failed.', { field, error: classified });
      throw classified;
    } finally {
      clearTimeout(timer);
    }
  };

  health(): Promise<Health> {
    return probeHealth({ name: 'graph', backend: 'neo4j' }, () => this.driver.getServerInfo());
  }

  close(): Promise<void> {
    return this.driver.close();
  }
}

function parseUrl(url: string): { target: string; auth: ReturnType<typeof neo4j.auth.basic> | undefined } {
  const parsed = new URL(url);
  const auth = parsed.password ? neo4j.auth.basic(decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)) : undefined;
  return { target: `${parsed.protocol}//${parsed.host}${parsed.search}`, auth };
}

import neo4j from 'neo4j-driver';
import { leaveOutWithout, probeHalfOpen, realStore, type HalfOpenProbe } from '@loomgraph/testing';
import { createRedisCache } from './cache/index.js';
import { openNeo4jGraph } from './graph/index.js';
import { deleteNeo4jGraph } from './graph/neo4j-cleanup.js';
import { createPgDatabase } from './postgres/index.js';

const urls = { postgres: realStore('POSTGRES_URL'), neo4j: realStore('NEO4J_URL'), redis: realStore('REDIS_URL') };

/** The URL of a server with the proxy in its place, and where the server is. */
function behindProxy(url: string): { target: HalfOpenProbe['target']; through: (port: number) => string } {
  const parsed = new URL(url);
  const target = { host: parsed.hostname, port: Number(parsed.port) };
  return { target, through: (port) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href };
}

const labelPrefix = `HalfOpen${process.pid}_`;

const probes: Record<string, (url: string) => HalfOpenProbe> = {
  // A statement may take 400 ms, and the server a second more to say so itself; a transaction begins with one.
  postgres: (url) => ({
    target: behindProxy(url).target,
    boundMs: 2_000,
    open: async (port) => {
      const database = createPgDatabase({
        url: behindProxy(url).through(port),
        statementTimeoutMs: 400,
        connectTimeoutMs: 800,
        poolSize: 3,
      });
      return {
        call: () => database.transaction((transaction) => transaction.query('SELECT 1')),
        close: () => database.close(),
      };
    },
  }),
  neo4j: (url) => ({
    target: behindProxy(url).target,
    boundMs: 2_000,
    open: async (port) => {
      const options = { labels: [], labelPrefix, statementTimeoutMs: 400, connectTimeoutMs: 800, poolSize: 3 };
      const graph = await openNeo4jGraph({ url: behindProxy(url).through(port), ...options });
      return { call: () => graph.node('Template', 'a'), close: () => graph.close() };
    },
  }),
  redis: (url) => ({
    target: behindProxy(url).target,
    boundMs: 1_000,
    open: async (port) => {
      const cache = createRedisCache({
        url: behindProxy(url).through(port),
        prefix: 'half-open:',
        commandTimeoutMs: 500,
        connectTimeoutMs: 500,
      });
      return { call: () => cache.get('a'), close: () => cache.close() };
    },
  }),
};

describe('a connection that is open and passes nothing', () => {
  afterAll(async () => {
    if (!urls.neo4j) return;
    const { username, password, protocol, host } = new URL(urls.neo4j);
    await using driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined);
    await deleteNeo4jGraph(driver, labelPrefix);
  });

  for (const [name, url] of Object.entries(urls)) {
    if (!url) continue;
    it(`${name}: every call is rejected within its bound, and works again after`, async () => {
      const probe = probes[name]?.(url) as HalfOpenProbe;
      const { held, recoveredAfterMs, closedAfterMs } = await probeHalfOpen(probe);
      for (const { error, ms } of held) {
        expect(error).toMatchObject({ name: 'StoreError', kind: expect.stringMatching(/^(unavailable|timeout)$/) });
        expect(ms).toBeLessThan(probe.boundMs);
      }
      expect(recoveredAfterMs).toBeLessThan(probe.boundMs);
      expect(closedAfterMs).toBeLessThan(probe.boundMs);
    }, 30_000);
  }

  leaveOutWithout('POSTGRES_URL', it);
});

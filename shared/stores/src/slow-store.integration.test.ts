import neo4j from 'neo4j-driver';
import { FaultProxy, leaveOutWithout, realStore, waitFor } from '@loomgraph/testing';
import { openNeo4jGraph } from './graph/index.js';
import { deleteNeo4jGraph } from './graph/neo4j-cleanup.js';
import { createPgDatabase } from './postgres/index.js';
import { openVectorIndex } from './vectors/index.js';

const postgresUrl = realStore('POSTGRES_URL');
const neo4jUrl = realStore('NEO4J_URL');
const STATEMENT_TIMEOUT_MS = 400;
/** The server has a second more to say so itself. */
const BOUND_MS = 2_000;

/** A write that waits behind somebody else's lock for ever, as behind a slow disk. */
async function expectTimeout(write: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await expect(write()).rejects.toMatchObject({ name: 'StoreError', kind: 'timeout', code: 'STORE_TIMEOUT', retryable: true });
  expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
}

describe('a target that answers slowly', () => {
  if (postgresUrl) {
    it('pgvector: a write that takes too long is given up, and leaves nothing behind', async () => {
      const schema = `slow_test_${process.pid}`;
      await using blocker = createPgDatabase({ url: postgresUrl });
      await using database = createPgDatabase({ url: postgresUrl, statementTimeoutMs: STATEMENT_TIMEOUT_MS, poolSize: 2 });
      const collection = { name: 'slow', dimensions: 2, embeddings: { content: { indexed: false } }, attributes: {} };
      const index = await openVectorIndex({ database, schema, collection });
      const document = { id: 'a', fingerprint: 'f', model: 'm', embeddings: { content: [1, 0] }, title: '', text: '', attributes: {} };
      await index.upsert([{ ...document, revision: 1 }]);
      await blocker.transaction(async (transaction) => {
        await transaction.query(`SELECT 1 FROM ${schema}.slow WHERE id = 'a' FOR UPDATE`);
        await expectTimeout(() => index.upsert([{ ...document, revision: 2 }]));
        await expectTimeout(() => index.remove([{ id: 'a', revision: 2 }]));
      });
      expect(await index.entries(['a'])).toMatchObject([{ revision: 1, deleted: false }]);
      expect(await index.upsert([{ ...document, revision: 2 }])).toEqual(['applied']);
      await blocker.script(`SET client_min_messages = error; DROP SCHEMA ${schema} CASCADE`);
    });

    // Prevents: a rollback on a connection that passes nothing, which waits as long as the statement before it.
    it('PostgreSQL: a transaction whose connection dies half way is rejected once', async () => {
      const { hostname, port } = new URL(postgresUrl);
      await using proxy = await FaultProxy.before({ host: hostname, port: Number(port) });
      const url = Object.assign(new URL(postgresUrl), { host: `127.0.0.1:${proxy.port}` }).href;
      await using database = createPgDatabase({ url, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
      await expectTimeout(() =>
        database.transaction(async (transaction) => {
          await transaction.query('SELECT 1');
          proxy.hold();
          await transaction.query('SELECT 1');
        }),
      );
    });
  }

  if (neo4jUrl) {
    it('Neo4j: a write that takes too long is given up, and leaves nothing behind', async () => {
      const labelPrefix = `Slow${process.pid}_`;
      const { username, password, protocol, host } = new URL(neo4jUrl);
      await using driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined);
      await (await openNeo4jGraph({ url: neo4jUrl, labels: ['Template'], labelPrefix })).close();
      await using graph = await openNeo4jGraph({ url: neo4jUrl, labels: [], labelPrefix, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
      const write = (revision: number) => () =>
        graph.apply([{ label: 'Template', id: 'a', revision, fingerprint: `f${revision}`, properties: {}, ownedEdges: [], edges: [] }]);
      const inTheEnd = (work: () => Promise<string[]>) =>
        waitFor(
          () => work().catch(() => []),
          (outcomes) => outcomes[0] === 'applied',
        );
      await inTheEnd(write(1));
      await using session = driver.session();
      await using blocker = session.beginTransaction();
      await blocker.run(`MATCH (n:\`${labelPrefix}Template\`) SET n.held = true`);
      await expectTimeout(write(2));
      await expectTimeout(() => graph.remove('Template', [{ id: 'a', revision: 2 }]));
      await blocker.rollback();
      expect(await graph.entries('Template', ['a'])).toMatchObject([{ revision: 1, deleted: false }]);
      await inTheEnd(write(2));
      await deleteNeo4jGraph(driver, labelPrefix);
    }, 30_000);
  }
});

leaveOutWithout('POSTGRES_URL', it);

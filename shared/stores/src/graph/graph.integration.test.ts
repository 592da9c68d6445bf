import neo4j, { type Driver } from 'neo4j-driver';
import { realStore } from '@loomgraph/testing';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '../postgres/index.js';
import { describeGraphStoreContract } from './contract.js';
import { openNeo4jGraph, openSqlGraph } from './index.js';
import { graphTables } from './sql-schema.js';
import { replaceEdges } from './sql-statements.js';

const schema = `graph_test_${process.pid}`;
const postgresUrl = realStore('POSTGRES_URL');
const neo4jUrl = realStore('NEO4J_URL');

describe('on PGlite', () => {
  let database: SqlDatabase;
  beforeAll(async () => {
    database = createPgliteDatabase(await openPglite({ dataDir: 'memory://' }), { owned: true });
  }, 60_000);
  afterAll(() => database.close());
  describeGraphStoreContract({ name: 'PGlite', create: () => openSqlGraph({ database, schema }) });

  // Prevents: 64 templates that are written again compare each of their edges with each wanted one, 230 ms that a rebuild pays per batch.
  it('looks edges that stay up instead of joining them with the wanted ones', async () => {
    await openSqlGraph({ database, schema, namespace: 'planned' });
    const { rows } = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${replaceEdges(graphTables(schema, 'planned'))}`, [
      '[]',
      '[]',
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('hashed SubPlan');
    expect(plan).not.toContain('Anti Join');
  });
});

if (postgresUrl) {
  describe('on PostgreSQL', () => {
    let database: SqlDatabase;
    beforeAll(() => {
      database = createPgDatabase({ url: postgresUrl });
    });
    afterAll(async () => {
      await database.script(`SET client_min_messages = error; DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await database.close();
    });
    describeGraphStoreContract({ name: 'PostgreSQL', create: () => openSqlGraph({ database, schema, namespace: 'contract' }) });
  });
}

if (neo4jUrl) {
  describe('on Neo4j', () => {
    const labelPrefix = `T${process.pid}_`;
    const open = () => openNeo4jGraph({ url: neo4jUrl, labels: ['Template', 'User'], labelPrefix });
    let driver: Driver;
    beforeAll(() => {
      const { username, password, protocol, host } = new URL(neo4jUrl);
      driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined, {
        disableLosslessIntegers: true,
      });
    });
    afterAll(async () => {
      await driver.executeQuery('MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH $labelPrefix) DETACH DELETE n', {
        labelPrefix,
      });
      const { records } = await driver.executeQuery(
        'SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE any(label IN labelsOrTypes WHERE label STARTS WITH $labelPrefix) RETURN name',
        { labelPrefix },
      );
      for (const record of records) await driver.executeQuery(`DROP CONSTRAINT \`${String(record.get('name'))}\``);
      await driver.close();
    });

    describeGraphStoreContract({ name: 'Neo4j', create: open });

    it('opens from many processes at once', async () => {
      const labels = Array.from({ length: 3 }, (_, index) => `Opened${index}`);
      const graphs = await Promise.all(Array.from({ length: 6 }, () => openNeo4jGraph({ url: neo4jUrl, labels, labelPrefix })));
      await Promise.all(graphs.map((graph) => graph.close()));
    });

    it('shows ordinary Cypher live nodes only, with their label, whole numbers as integers and nothing else', async () => {
      await using graph = await open();
      const template = { label: 'Template', revision: 1, fingerprint: 'f', ownedEdges: [], edges: [] };
      await graph.apply([
        { ...template, id: 'cypher-live', properties: { usageCount: 5, rating: 4.5 } },
        { ...template, id: 'cypher-dead', properties: { usageCount: 1 } },
        {
          ...template,
          label: 'User',
          id: 'cypher-user',
          properties: {},
          ownedEdges: ['USED'],
          edges: ['cypher-live', 'cypher-later'].map((id) => ({
            type: 'USED',
            to: { label: 'Template', id },
            weight: 2,
            properties: { usageCount: 2 },
          })),
        },
      ]);
      await graph.remove('Template', [{ id: 'cypher-dead', revision: 2 }]);
      const { records } = await driver.executeQuery(
        `MATCH (n:\`${labelPrefix}Template\`) WHERE n.id STARTS WITH 'cypher-' OPTIONAL MATCH (n)<-[e:USED]-()
         RETURN labels(n) AS labels, properties(n) AS properties, valueType(n.usageCount) AS count, valueType(n.rating) AS rating, properties(e) AS edge`,
      );
      expect(records.map((record) => record.toObject())).toEqual([
        {
          labels: [`${labelPrefix}Template`],
          properties: { id: 'cypher-live', usageCount: 5, rating: 4.5, _revision: 1, _fingerprint: 'f' },
          count: 'INTEGER NOT NULL',
          rating: 'FLOAT NOT NULL',
          edge: { weight: 2, usageCount: 2 },
        },
      ]);
    });

    it('classifies what goes wrong on the way to the server', async () => {
      const options = { labels: ['Template'], labelPrefix, connectTimeoutMs: 500 };
      await expect(openNeo4jGraph({ ...options, url: 'bolt://neo4j:x@127.0.0.1:1' })).rejects.toMatchObject({
        kind: 'unavailable',
        store: 'neo4j',
      });
      const wrong = new URL(neo4jUrl);
      wrong.password = 'not-the-password';
      if (new URL(neo4jUrl).password) {
        await expect(openNeo4jGraph({ ...options, url: wrong.href })).rejects.toMatchObject({ kind: 'unavailable', store: 'neo4j' });
      }
    });
  });
}

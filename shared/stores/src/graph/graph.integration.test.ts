import neo4j, { type Driver } from 'neo4j-driver';
import { realStore } from '@loomgraph/testing';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '../postgres/index.js';
import { describeCorruption } from './corruption.contract.js';
import { describeGraphStoreContract } from './contract.js';
import { openNeo4jGraph, openSqlGraph } from './index.js';
import { deleteNeo4jGraph } from './neo4j-cleanup.js';
import { graphTables } from './sql-schema.js';
import { replaceEdges } from './sql-write-statements.js';

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
  describeSqlCorruption(() => database, '');

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
    describeSqlCorruption(() => database, 'contract');
  });
}

if (neo4jUrl) {
  describe('on Neo4j', () => {
    const labelPrefix = `T${process.pid}_`;
    // As many connections as a case writes at once: on a busy machine, who waits for one of fewer waits too long.
    const open = () => openNeo4jGraph({ url: neo4jUrl, labels: ['Template', 'User'], labelPrefix, poolSize: 60 });
    let driver: Driver;
    beforeAll(() => {
      const { username, password, protocol, host } = new URL(neo4jUrl);
      driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined, {
        disableLosslessIntegers: true,
      });
    });
    afterAll(async () => {
      await deleteNeo4jGraph(driver, labelPrefix);
      await driver.close();
    });

    describeGraphStoreContract({ name: 'Neo4j', create: open });

    const change = (cypher: string) => (id: string) =>
      driver.executeQuery(cypher.replaceAll(':Template', `:\`${labelPrefix}Template\``), { id });
    describeCorruption({
      create: open,
      damage: {
        property: change(`MATCH (n:Template {id: $id}) SET n.name = 'Other'`),
        type: change(`MATCH (n:Template {id: $id}) SET n.tags = 'x'`),
        lost: change(`MATCH (n:Template {id: $id}) REMOVE n.name`),
        added: change(`MATCH (n:Template {id: $id}) SET n.added = 1`),
        fingerprint: change(`MATCH (n:Template {id: $id}) SET n._fingerprint = 'other'`),
        unsigned: change(`MATCH (n:Template {id: $id}) REMOVE n._checksum`),
        weight: change(`MATCH (:Template {id: $id})-[e:USED]->() SET e.weight = 0.6`),
        cut: change(`MATCH (:Template {id: $id})-[e:USED]->() DELETE e`),
        linked: change(`MATCH (n:Template {id: $id}) CREATE (n)-[:USED {weight: 1.0}]->(n)`),
      },
      age: change('MATCH (n:Template {id: $id}) REMOVE n._fence, n._owned, n._checksum'),
    });

    // Prevents: a node that another program made is an entry without a revision, which nothing can be compared with.
    it('1. takes a live node of another program for one of revision 0', async () => {
      await using graph = await open();
      await change('CREATE (:Template {id: $id, name: "Foreign"})')('foreign');
      const entries = await graph.entries('Template', ['foreign'], { verify: true });
      expect(entries).toEqual([{ id: 'foreign', revision: 0, fence: 0, fingerprint: '', deleted: false }]);
      const document = { label: 'Template', id: 'foreign', revision: 0, fingerprint: 'f', properties: {}, ownedEdges: [], edges: [] };
      expect(await graph.apply([{ ...document, replaces: { revision: 0, fence: 0 } }])).toEqual(['applied']);
    });

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
          properties: {
            id: 'cypher-live',
            usageCount: 5,
            rating: 4.5,
            _revision: 1,
            _fence: 0,
            _fingerprint: 'f',
            _owned: [],
            _checksum: expect.stringMatching(/^.{43}$/),
          },
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

function describeSqlCorruption(database: () => SqlDatabase, namespace: string): void {
  const tables = graphTables(schema, namespace);
  const nodes = (set: string) => (id: string) =>
    database().query(`UPDATE ${tables.nodes} SET ${set} WHERE label = 'Template' AND id = $1`, [id]);
  const edges = (set: string) => (id: string) => database().query(`UPDATE ${tables.edges} SET ${set} WHERE from_id = $1`, [id]);
  describeCorruption({
    create: () => openSqlGraph({ database: database(), schema, namespace }),
    damage: {
      property: nodes(`properties = properties || '{"name":"Other"}'`),
      lost: nodes(`properties = properties - 'name'`),
      fingerprint: nodes(`fingerprint = 'other'`),
      owned: nodes(`owned = '{}'`),
      weight: edges('weight = weight + 1e-12'),
      edge: edges(`properties = '{"count":2}'`),
      moved: edges(`to_id = to_id || '-elsewhere'`),
      cut: (id) => database().query(`DELETE FROM ${tables.edges} WHERE from_id = $1`, [id]),
      linked: (id) =>
        database().query(
          `INSERT INTO ${tables.edges} SELECT from_label, from_id, type, to_label, 'x', weight, properties FROM ${tables.edges} WHERE from_id = $1`,
          [id],
        ),
    },
    age: nodes(`fence = 0, owned = '{}', checksum = NULL`),
  });

  it('opens the tables of before fences and checksums, and keeps their nodes', async () => {
    const before = graphTables(schema, `before${namespace}`);
    await database().script(`CREATE SCHEMA IF NOT EXISTS ${schema}; CREATE TABLE ${before.nodes} (
      label text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL, fingerprint text NOT NULL,
      deleted boolean NOT NULL, properties jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (label, id));
      INSERT INTO ${before.nodes} VALUES ('Template', 'a', 3, 'f', false, '{"name":"Old"}'), ('Template', 'b', 4, '', true, '{}')`);
    await using graph = await openSqlGraph({ database: database(), schema, namespace: `before${namespace}` });
    expect((await graph.node('Template', 'a'))?.properties).toEqual({ name: 'Old' });
    expect(await graph.scan('Template', { limit: 9, verify: true })).toEqual([
      { id: 'a', revision: 3, fence: 0, fingerprint: 'f', deleted: false },
      { id: 'b', revision: 4, fence: 0, fingerprint: '', deleted: true, intact: true },
    ]);
    const document = { label: 'Template', id: 'a', fingerprint: 'g', properties: {}, ownedEdges: [], edges: [] };
    expect(await graph.apply([{ ...document, revision: 2, fence: 7 }])).toEqual(['fenced']);
    expect(await graph.apply([{ ...document, revision: 3, fence: 1 }])).toEqual(['applied']);
  });
}

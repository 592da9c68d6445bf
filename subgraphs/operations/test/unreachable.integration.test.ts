import { createStoreSet } from '@loomgraph/stores';
import { syncMigrations, OutboxRow } from '@loomgraph/sync';
import { createLocalHost, FaultProxy, leaveOutWithout, realStore } from '@loomgraph/testing';
import { createOperationsSubgraph } from '../src/index.js';

const STATUS = '{ syncStatus { projections { name subgraph } unreachable { subgraph code message } } }';
const admin = { identity: { userId: '1', roles: ['admin'] }, requestId: 'r' } as never; // all that resolvers look at

describe('a subgraph whose database cannot be asked', () => {
  leaveOutWithout('MYSQL_URL', it);

  it('is named beside what the others answer, and commands for it say that its store is away', async () => {
    await using stores = createStoreSet({ urls: {}, dataDir: 'memory://' });
    const store = await stores.relational({ name: 'present', entities: [OutboxRow], migrations: [...syncMigrations] });
    await store.migrate();
    await store.transaction((em) =>
      em.execute(`insert into ${store.table('projection')} (name, version, updated_at) values ('notes', '1', 0)`, [], 'run'),
    );
    // Its subgraph was never started: there are no tables.
    await using operations = await createOperationsSubgraph({ stores, subgraphs: ['absent', 'present'] });
    const host = createLocalHost(operations);
    const { data } = await host.execute({ query: STATUS, request: admin });
    expect(data?.['syncStatus']).toEqual({
      projections: [{ name: 'notes', subgraph: 'present' }],
      unreachable: [{ subgraph: 'absent', code: expect.stringMatching(/^STORE_/), message: expect.stringContaining('"absent"') }],
    });
    const lists =
      '{ deadLetters { nodes { id } unreachable { subgraph } } deadLetterDecisions { nodes { at } unreachable { subgraph } } syncJobs { nodes { kind } unreachable { subgraph } } }';
    const made = 'mutation { syncCheck(input: { subgraph: "present" }) { id } }';
    expect((await host.execute({ query: made, request: admin })).errors).toBeUndefined();
    const answer = await host.execute({ query: lists, request: admin });
    const away = [{ subgraph: 'absent' }];
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      deadLetters: { nodes: [], unreachable: away },
      deadLetterDecisions: { nodes: [], unreachable: away },
      syncJobs: { nodes: [{ kind: 'CHECK' }], unreachable: away },
    });
    const retry = 'mutation { retryDeadLetters(filter: {}) { count unreachable { subgraph } } }';
    expect((await host.execute({ query: retry, request: admin })).data).toEqual({ retryDeadLetters: { count: 0, unreachable: away } });
    const check = 'mutation { syncCheck(input: { subgraph: "absent" }) { id } }';
    const { errors } = await host.execute({ query: check, request: admin });
    expect(errors?.[0]?.extensions['code']).toMatch(/^STORE_/);
  }, 60_000);

  const url = realStore('MYSQL_URL');
  if (!url) return;
  it('is asked again once its server is back, by the same process', async () => {
    const { hostname: host, port } = new URL(url);
    await using proxy = await FaultProxy.before({ host, port: Number(port) });
    const proxied = new URL(url);
    proxied.host = `127.0.0.1:${proxy.port}`;
    await using direct = createStoreSet({ urls: { relational: url }, dataDir: 'memory://', namespace: `ops${process.pid}` });
    await using stores = createStoreSet({
      urls: { relational: proxied.href },
      dataDir: 'memory://',
      namespace: `ops${process.pid}`,
      pools: { relational: { maxConnections: 2, idleConnections: 1, connectTimeoutMs: 2_000 } },
    });
    const store = await direct.relational({ name: 'present', entities: [OutboxRow], migrations: [...syncMigrations] });
    try {
      await store.migrate();
      await using operations = await createOperationsSubgraph({ stores, subgraphs: ['present'] });
      const ask = async () => (await createLocalHost(operations).execute({ query: STATUS, request: admin })).data?.['syncStatus'];
      const unreachable = [{ subgraph: 'present', code: 'STORE_UNAVAILABLE', message: expect.any(String) }];
      const comeBack = await proxy.refuse();
      expect(await ask()).toEqual({ projections: [], unreachable }); // before it was ever opened
      await comeBack();
      expect(await ask()).toEqual({ projections: [], unreachable: [] });
      const comeBackAgain = await proxy.refuse();
      expect(await ask()).toEqual({ projections: [], unreachable }); // with a pool of its own
      await comeBackAgain();
      expect(await ask()).toEqual({ projections: [], unreachable: [] });
    } finally {
      await store.transaction((em) => em.execute(`drop database ${String(store.orm.config.get('dbName'))}`, [], 'run'));
    }
  }, 60_000);
});

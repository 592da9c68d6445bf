import { createMemoryTarget, relationalBackends } from '@loomgraph/testing';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteProjection, openFixture } from './fixture.js';

for (const backend of relationalBackends()) {
  it(`drain on ${backend.name}`, async () => {
    const fixture = await openFixture(backend);
    const COUNT = 10_000;
    const { store } = fixture;
    for (let from = 0; from < COUNT; from += 500) {
      const ids = Array.from({ length: 500 }, (_, i) => `n${from + i}`);
      await store.transaction(async (em) => {
        await em.execute(`insert into ${store.table('note')} (id, text, revision) values ${ids.map((id) => `('${id}','x',1)`).join(',')}`, [], 'run');
        await em.execute(`insert into ${store.table('outbox')} (kind, record_type, record_id, revision, deleted, occurred_at) values ${ids.map((id) => `('c','Note','${id}',1,false,${Date.now()})`).join(',')}`, [], 'run');
      });
    }
    await store.transaction((em) => em.execute(`insert into ${store.table('projection')} (name, version, updated_at) values ('a','1:memory',0),('b','1:memory',0)`, [], 'run'));
    const targets = [createMemoryTarget(), createMemoryTarget()];
    for (const t of targets) { const { apply } = t; t.apply = async (b) => { await sleep(5); return apply(b); }; }
    for (const batch of [64, 256]) {
      const relay = fixture.relay([noteProjection(targets[0]!, { name: 'a', policy: { batch } }), noteProjection(targets[1]!, { name: 'b', policy: { batch } })]);
      if (batch === 256) for (let from = 0; from < COUNT; from += 500) {
        const ids = Array.from({ length: 500 }, (_, i) => `n${from + i}`);
        await store.transaction((em) => em.execute(`insert into ${store.table('outbox')} (kind, record_type, record_id, revision, deleted, occurred_at) values ${ids.map((id) => `('c','Note','${id}',1,false,${Date.now()})`).join(',')}`, [], 'run'));
      }
      const at = performance.now();
      const cpu = process.cpuUsage();
      await relay.start();
      await relay.whenQuiet(120_000);
      const s = (performance.now() - at) / 1000;
      const used = process.cpuUsage(cpu);
      appendFileSync('/tmp/s2-throughput.log', `${backend.name} batch ${batch}: ${COUNT} records x 2 projections in ${s.toFixed(1)} s = ${((2 * COUNT) / s).toFixed(0)} deliveries/s, cpu ${((used.user + used.system) / 1e6).toFixed(1)} s\n`);
      await relay.stop();
    }
    await backend.drop(store);
    await backend.close();
  }, 400_000);
}

import { relationalBackends } from '@loomgraph/testing';
import { defineEntity, p } from '@mikro-orm/core';

const Item = defineEntity({ name: 'Item', tableName: 'item', properties: { id: p.string().length(36).primary() } });

for (const backend of relationalBackends()) {
  describe(`${backend.name}: clause 1, reads with a signal`, () => {
    afterAll(() => backend.close());

    it('end with it, and take the query along where the server can', async () => {
      const store = await backend.open({ entities: [Item], migrations: [] });
      try {
        const controller = new AbortController();
        const isPglite = store.dialect === 'postgresql';
        const sql = isPglite ? 'select count(*) from generate_series(1, 3000000)' : "select sleep(60) as 'cancelled_read'";
        const reading = store.read({ signal: controller.signal }).execute(sql);
        const ended = reading.then(
          () => 'read',
          () => 'given up',
        );
        const running = async (): Promise<number> =>
          (
            await store
              .read()
              .execute<object[]>(
                "select id from information_schema.processlist where info like '%cancelled\\_read%' and info not like '%processlist%'",
              )
          ).length;
        if (!isPglite) await until(async () => (await running()) === 1);
        controller.abort();
        expect(await ended).toBe('given up');
        if (!isPglite) await until(async () => (await running()) === 0);
        // Others are not touched, and the connection serves again.
        expect(await store.read().execute('select 1 as one')).toEqual([{ one: 1 }]);
      } finally {
        await backend.drop(store);
      }
    });
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error('It did not come about.');
}

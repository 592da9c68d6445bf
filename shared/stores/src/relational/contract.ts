import { StoreError } from '@loomgraph/core';
import { defineEntity, LockMode, p } from '@mikro-orm/core';
import type { Migration, RelationalOptions, RelationalStore } from './port.js';

const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.string().length(36).primary(),
    owner: p.string().length(100).unique(),
    balance: p.integer(),
    openedAt: p.datetime(3),
    tags: p.json<string[]>(),
    revision: p.integer().version(),
  },
});

const migration: Migration = {
  name: '0001-account',
  postgresql: (t) => [
    `create table ${t('account')} (id varchar(36) primary key, owner varchar(100) not null unique, balance int not null, opened_at timestamptz(3) not null, tags jsonb not null, revision int not null default 1)`,
  ],
  mysql: (t) => [
    `create table ${t('account')} (id varchar(36) primary key, owner varchar(100) not null unique, balance int not null, opened_at datetime(3) not null, tags json not null, revision int not null default 1)`,
  ],
};

/** The relational port's clauses, against one backend. `create` opens an empty store with what it is given, `drop` removes it with its data. */
export function describeRelationalContract(backend: {
  readonly name: string;
  readonly create: (options: Omit<RelationalOptions, 'name'>) => Promise<RelationalStore>;
  readonly drop: (store: RelationalStore) => Promise<void>;
}): void {
  describe(`relational contract: ${backend.name}`, () => {
    let store: RelationalStore;
    const options = { entities: [Account], migrations: [migration] };
    const account = (id: string, owner = id, balance = 0) => ({
      id,
      owner,
      balance,
      openedAt: new Date('2026-01-02T03:04:05.678Z'),
      tags: ['a', '中文'],
    });

    beforeAll(async () => {
      store = await backend.create(options);
      await store.migrate();
    });
    afterAll(async () => {
      await backend.drop(store);
    });

    it('1. reads are independent and give back what was written', async () => {
      await store.transaction((em) => Promise.resolve(void em.create(Account, account('one'))));
      const first = await store.read().findOneOrFail(Account, { id: 'one' });
      first.balance = 99;
      const second = await store.read().findOneOrFail(Account, { id: 'one' });
      expect(second).toMatchObject({ balance: 0, tags: ['a', '中文'], revision: 1 });
      expect(new Date(second.openedAt).toISOString()).toBe('2026-01-02T03:04:05.678Z');
    });

    it('2. a rejected work leaves nothing behind', async () => {
      await expect(
        store.transaction(async (em) => {
          em.create(Account, account('two'));
          await em.flush();
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      expect(await store.read().findOne(Account, { id: 'two' })).toBeNull();
    });

    it('3. a taken name is a conflict, an impossible value a constraint', async () => {
      await store.transaction((em) => Promise.resolve(void em.create(Account, account('three', 'taken'))));
      const taken = store.transaction((em) => Promise.resolve(void em.create(Account, account('four', 'taken'))));
      await expect(taken).rejects.toMatchObject({ name: 'StoreError', kind: 'conflict' });
      const impossible = store.transaction((em) => em.execute(`insert into ${store.table('account')} (id, owner) values ('five', null)`));
      await expect(impossible).rejects.toBeInstanceOf(StoreError);
    });

    it('4. and 6. writers of one row run one after the other: 40 concurrent deposits add up', async () => {
      await store.transaction((em) => Promise.resolve(void em.create(Account, account('bank'))));
      const deposit = () =>
        store.transaction(async (em) => {
          const bank = await em.findOneOrFail(Account, { id: 'bank' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
          bank.balance += 1;
        });
      await Promise.all(Array.from({ length: 40 }, deposit));
      expect(await store.read().findOneOrFail(Account, { id: 'bank' })).toMatchObject({ balance: 40, revision: 41 });
    });

    it('5. migrating again, several times at once, finds nothing to do', async () => {
      const again = await Promise.all([store.migrate(), store.migrate(), store.migrate()]);
      expect(again.flat()).toEqual([]);
    });

    it('answers its health', async () => {
      expect(await store.health()).toMatchObject({ ok: true });
    });

    it('7. is unavailable after close', async () => {
      const other = await backend.create(options);
      await other.close();
      expect(() => other.read()).toThrow(expect.objectContaining({ kind: 'unavailable' }) as Error);
      await expect(other.transaction(() => Promise.resolve())).rejects.toMatchObject({ kind: 'unavailable' });
      await backend.drop(other);
    });
  });
}

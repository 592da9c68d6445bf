import { LoomError, StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { relationalBackends } from '@loomgraph/testing';
import { OutboxRow } from '../src/outbox/row.js';
import { enqueueTask, type NewTask } from '../src/tasks/enqueue-task.js';
import { TaskRunner, type Task, type TaskHandler } from '../src/tasks/task-runner.js';
import { taskMigration } from '../src/tasks/tasks-table.js';
import { wakeTasks } from '../src/tasks/wake-tasks.js';

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`tasks survive what happens to their process: ${backend.name}`, () => {
    let store: RelationalStore;
    beforeAll(async () => {
      const done = (t: (name: string) => string) => [`create table ${t('done')} (note varchar(64) not null)`];
      store = await backend.open({
        entities: [OutboxRow],
        migrations: [taskMigration, { name: '0001-done', postgresql: done, mysql: done }],
      });
      await store.migrate();
    }, 60_000);
    afterEach(() =>
      store.transaction(async (em) => {
        for (const table of ['task', 'done']) await em.execute(`delete from ${store.table(table)}`, [], 'run');
      }),
    );
    afterAll(async () => {
      await backend.drop(store);
      await backend.close();
    });

    const enqueue = (task: Partial<NewTask> = {}, ifThere?: 'keep') =>
      store.transaction((em) => enqueueTask(store, em, { kind: 'k', key: 'a', ...task }, ifThere));
    const runner = (run: TaskHandler['run'], more: Partial<TaskHandler> = {}, leaseMs = 60_000) =>
      new TaskRunner({
        store,
        subgraph: 's',
        handlers: { k: { run, ...more } },
        logger: silentLogger,
        metrics: createMetrics(),
        leaseMs,
        backoff: () => 0,
      });
    const rows = async (table: string): Promise<any[]> => store.read().execute<object[]>(`select * from ${store.table(table)}`); // eslint-disable-line
    const note = (em: { execute: RelationalStore['orm']['em']['execute'] }, text: string) =>
      em.execute(`insert into ${store.table('done')} (note) values (?)`, [text], 'run');
    const rest = async (one: TaskRunner): Promise<void> => {
      while (await one.round());
    };

    it('one is done once its transaction commits, and never when it does not', async () => {
      const done: Task[] = [];
      const one = runner(async (task) => void done.push(task));
      await expect(
        store.transaction(async (em) => {
          await enqueueTask(store, em, { kind: 'k', key: 'undone' });
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      await enqueue({ payload: { at: '一' } });
      await rest(one);
      expect(done).toEqual([{ kind: 'k', key: 'a', payload: { at: '一' }, attempts: 0 }]);
      expect(await rows('task')).toEqual([]);
    });

    it('of kinds that nobody here knows, or that are not due, none is taken', async () => {
      await enqueue({ kind: 'other' });
      await enqueue({ afterMs: 60_000 });
      expect(await runner(async () => undefined).round()).toBe(false);
    });

    it('what finish commits and the end of the task are one', async () => {
      await enqueue();
      let fails = true;
      const one = runner((_task, { finish }) =>
        finish(async (em) => {
          await note(em as never, 'once');
          if (fails) throw new Error('killed before the commit');
        }),
      );
      await one.round();
      expect([await rows('done'), (await rows('task')).length]).toEqual([[], 1]);
      fails = false;
      await rest(one);
      expect([await rows('done'), await rows('task')]).toEqual([[{ note: 'once' }], []]);
    });

    // A process that hangs while its lease runs out must not commit what another one did meanwhile.
    it('one whose lease ran out is another process’s, and the first one commits nothing', async () => {
      await enqueue();
      let begun = (): void => undefined;
      const started = new Promise<void>((resolve) => (begun = resolve));
      let goOn = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (goOn = resolve));
      const slow = runner(async (_task, { finish }) => {
        begun();
        await hanging;
        await finish((em) => note(em as never, 'slow').then(() => undefined));
      });
      const running = slow.round();
      await started;
      await store.transaction((em) => em.execute(`update ${store.table('task')} set due_at = 0`, [], 'run'));
      const other = runner((_task, { finish }) => finish((em) => note(em as never, 'other').then(() => undefined)));
      await rest(other);
      goOn();
      await running;
      expect(await rows('done')).toEqual([{ note: 'other' }]);
    });

    it('enqueued anew while it is being done, it is done once more', async () => {
      await enqueue({ payload: 1 });
      const seen: unknown[] = [];
      const one = runner(async ({ payload }) => {
        seen.push(payload);
        if (payload === 1) await enqueue({ payload: 2 });
      });
      await rest(one);
      expect(seen).toEqual([1, 2]);
      expect(await rows('task')).toEqual([]);
    });

    it('kept as it is where it is there already', async () => {
      await enqueue({ payload: 1, afterMs: 60_000 });
      await enqueue({ payload: 2 }, 'keep');
      expect(await rows('task')).toMatchObject([{ payload: '1', generation: 1 }]);
    });

    it('one that fails too often is given up, with what that writes; away stores do not count', async () => {
      await enqueue();
      let attempts = 0;
      const one = runner(
        async () => {
          attempts += 1;
          throw attempts <= 10 ? new StoreError('unavailable', 's3', 'away') : new LoomError('BAD_USER_INPUT', 'broken');
        },
        { maxAttempts: 3, gaveUp: async (em, task, error) => void (await note(em as never, `${task.key} ${(error as LoomError).code}`)) },
      );
      await rest(one);
      expect(attempts).toBe(13);
      expect([await rows('done'), await rows('task')]).toEqual([[{ note: 'a BAD_USER_INPUT' }], []]);
    });

    it('again: the same task, later, with what it says of where it is', async () => {
      await enqueue({ payload: 0 });
      const seen: unknown[] = [];
      const one = runner(async ({ payload }, { finish }) => {
        seen.push(payload);
        const next = Number(payload) + 1;
        await finish(undefined, { payload: next, afterMs: next < 3 ? 0 : 60_000 });
      });
      await rest(one);
      expect(seen).toEqual([0, 1, 2]);
      expect(await rows('task')).toMatchObject([{ payload: '3', owner: null }]);
    });

    it('again, as what is committed says', async () => {
      await enqueue({ payload: 0 });
      const one = runner((_task, { finish }) => finish(async () => ({ payload: 7, afterMs: 60_000 }), { payload: 1, afterMs: 0 }));
      await rest(one);
      expect(await rows('task')).toMatchObject([{ payload: '7', owner: null }]);
    });

    it('woken, those that wait are due, and one that is being done is not done twice', async () => {
      const done: string[] = [];
      let goOn = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (goOn = resolve));
      let begun = (): void => undefined;
      const started = new Promise<void>((resolve) => (begun = resolve));
      const one = runner(async ({ key }) => {
        done.push(key);
        if (key !== 'held') return;
        begun();
        await hanging;
      });
      await enqueue({ key: 'held' });
      const running = one.round();
      await started;
      for (const key of ['waiting', 'other']) await enqueue({ key, afterMs: 60_000 });
      const wake = (keys: readonly string[]) => store.transaction((em) => wakeTasks(store, em, { kind: 'k', keys }));
      await wake([]);
      expect(await one.round()).toBe(false);
      await wake(['held', 'waiting', 'gone']);
      await rest(one);
      expect(done).toEqual(['held', 'waiting']);
      goOn();
      await running;
      expect((await rows('task')).map((row) => row.task_key)).toEqual(['other']);
    });

    // Tasks that wait for a provider would otherwise take every place, and what is quick would wait for them.
    it('of a kind, so many at once', async () => {
      let goOn = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (goOn = resolve));
      const one = runner(() => hanging, { atOnce: 2 });
      for (let index = 0; index < 3; index += 1) await enqueue({ key: `t${index}` });
      const [first, second, ...others] = [one.round(), one.round(), one.round(), one.round()];
      expect(await Promise.all(others)).toEqual([false, false]);
      goOn();
      expect(await Promise.all([first, second])).toEqual([true, true]);
      await rest(one);
      expect(await rows('task')).toEqual([]);
    });

    it('one that is under way when its process stops is given back at once', async () => {
      await enqueue();
      let begun = (): void => undefined;
      const started = new Promise<void>((resolve) => (begun = resolve));
      const stopping = runner(
        (_task, { signal }) =>
          new Promise((_resolve, reject) => {
            begun();
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          }),
      );
      stopping.start();
      await started;
      await stopping.stop();
      let done = 0;
      await rest(runner(async () => void (done += 1)));
      expect(done).toBe(1);
    });

    it('of many processes, each is done by one', async () => {
      const done: string[] = [];
      const many = Array.from({ length: 4 }, () => runner(async ({ key }) => void done.push(key)));
      // An embedded record belongs to one process, whose first look takes back what an earlier one held: here nobody is new.
      for (const one of many) await one.round();
      for (let index = 0; index < 20; index += 1) await enqueue({ key: `t${index}` });
      await Promise.all(many.map(rest));
      expect(done.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `t${index}`).toSorted());
    });
  });
}

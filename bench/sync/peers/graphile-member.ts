/** Graphile Worker in a process of its own: a job loads its records from MySQL and writes them to PostgreSQL, as our projection does. */
import { Pool } from 'pg';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { BenchTemplate } from '../workload/record.ts';
import type { BenchSettings } from '../workload/settings.ts';
import { createTable } from '../workload/table-target.ts';
import { serve } from '../processes/serve.ts';

/** What is used of https://worker.graphile.org/docs/library/run; the package is no dependency of this project. */
interface GraphileWorker {
  run(options: {
    readonly preset: { readonly worker: Readonly<Record<string, unknown>> };
    readonly taskList: Readonly<Record<string, (payload: { readonly ids: readonly string[] }) => Promise<void>>>;
  }): Promise<{ readonly events: { on(event: 'job:complete', listener: () => void): void }; stop(): Promise<void> }>;
  runMigrations(options: { readonly connectionString: string; readonly schema: string; readonly logger: object }): Promise<void>;
  readonly Logger: new (factory: () => () => void) => object;
}

export interface GraphileOptions {
  readonly settings: BenchSettings;
  /** URL of the package's entry. */
  readonly entry: string;
  readonly schema: string;
  /** The database of the records, and part of the table's name. */
  readonly name: string;
}

const api = {
  async prepare({ settings, entry, schema, name }: GraphileOptions): Promise<void> {
    const { runMigrations, Logger } = (await import(entry)) as GraphileWorker; // its public functions
    await runMigrations({ connectionString: settings.stores['POSTGRES_URL'] ?? '', schema, logger: silent(Logger) });
    await using pool = disposable(new Pool({ connectionString: settings.stores['POSTGRES_URL'], max: 1 }));
    await createTable(pool.pool, settings, name);
  },

  /** Runs until so many jobs are done. As its documentation advises for speed: a local queue, completions in batches. */
  async workOff({ settings, entry, schema, name, jobs }: GraphileOptions & { jobs: number }): Promise<{ seconds: number }> {
    const { run, Logger } = (await import(entry)) as GraphileWorker;
    await using stores = openStores(settings);
    const store = await openDatabase(stores, { name });
    await using target = disposable(new Pool({ connectionString: settings.stores['POSTGRES_URL'], max: 4 }));
    const table = await createTable(target.pool, settings, name);
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = jobs;
    const startedAt = performance.now();
    const runner = await run({
      preset: {
        worker: {
          connectionString: settings.stores['POSTGRES_URL'],
          schema,
          concurrentJobs: 16,
          maxPoolSize: 18,
          localQueue: { size: 100 },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          logger: silent(Logger),
        },
      },
      taskList: {
        async move({ ids }) {
          const rows = await store.read().find(BenchTemplate, { id: { $in: [...ids] } });
          await target.pool.query(
            `insert into ${table} select * from json_to_recordset($1::json) as r (id text, revision bigint, fence bigint, fingerprint text, body jsonb)
             on conflict (id) do update set revision = excluded.revision, body = excluded.body`,
            [JSON.stringify(rows.map(({ revision, ...body }) => ({ id: body.id, revision, fence: 0, fingerprint: '', body })))],
          );
        },
      },
    });
    runner.events.on('job:complete', () => {
      if (--left === 0) resolve();
    });
    await promise;
    const seconds = (performance.now() - startedAt) / 1_000;
    await runner.stop();
    return { seconds };
  },
};

const silent = (Logger: GraphileWorker['Logger']): object => new Logger(() => () => undefined);

export type GraphileApi = typeof api;

const disposable = (pool: Pool): AsyncDisposable & { readonly pool: Pool } => ({ pool, [Symbol.asyncDispose]: () => pool.end() });

serve(api);

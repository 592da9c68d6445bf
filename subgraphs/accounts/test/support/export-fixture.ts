import { systemClock } from '@loomgraph/core';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow } from '@loomgraph/sync';
import { createMetrics, silentLogger, type Metrics } from '@loomgraph/telemetry';
import { createExportJob, type ExportFiles, type ExportJob } from '../../src/adapters/security/export-job.js';
import { securityMigration } from '../../src/store/security/migration.js';

export const EXPORT_ID = 'export-1';
export const FOLDER = 'exports/';
/** So many that the file is written in many pieces. */
export const SESSIONS = 20_000;
/** How long an export stays with a process that says nothing. */
export const LEASE_MS = 1_500;

export interface Exporting extends AsyncDisposable {
  readonly store: RelationalStore;
  readonly objects: Objects;
  readonly metrics: Metrics;
  job(adapt?: (files: ExportFiles) => ExportFiles): ExportJob;
}

/** The export job on the embedded stores of a folder, with a user who has much to be exported. */
export async function openExporting(dataDir: string): Promise<Exporting> {
  const stores: StoreSet = createStoreSet({
    urls: {},
    dataDir,
    objects: { publicUrl: 'https://id.test/objects', secret: 'a secret of the tests, at least 32 bytes long' },
  });
  const store = await stores.relational({ name: 'accounts', entities: [OutboxRow], migrations: [securityMigration] });
  await store.migrate();
  const objects = await stores.objects();
  const metrics = createMetrics();
  return {
    store,
    objects,
    metrics,
    job: (adapt = (same) => same) =>
      createExportJob({
        store,
        objects: () => Promise.resolve(adapt(objects)),
        objectPrefix: FOLDER,
        parts: ['templates'],
        sections: {
          async *sessions(userId) {
            for (let number = 0; number < SESSIONS; number++) yield { userId, number };
          },
        },
        clock: systemClock,
        logger: silentLogger,
        metrics,
        leaseMs: LEASE_MS,
      }),
    async [Symbol.asyncDispose]() {
      await store.close();
      await stores[Symbol.asyncDispose]();
    },
  };
}

/** Asks for the export of a user; the other subgraph's part is there already. */
export async function requestExport({ store, objects }: Exporting): Promise<void> {
  const now = Date.now();
  await store.transaction((em) =>
    em.execute(
      `insert into ${store.table('user_export')} (id, user_id, requested_by, state, requested_at, expires_at, lease_until)
       values (?, 'ada', 'ada', 'collecting', ?, ?, 0)`,
      [EXPORT_ID, now, now + 86_400_000],
      'run',
    ),
  );
  await objects.put(`${FOLDER}${EXPORT_ID}/templates.json`, Buffer.from('{"ratings":[5]}'), { contentType: 'application/json' });
}

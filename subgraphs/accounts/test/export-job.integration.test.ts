import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@loomgraph/testing';
import { EXPORT_ID, FOLDER, LEASE_MS, openExporting, requestExport, SESSIONS, type Exporting } from './support/export-fixture.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FILE = `${FOLDER}${EXPORT_ID}/user.json`;
const PART = `${FOLDER}${EXPORT_ID}/templates.json`;

/** Runs the process that makes the export until it is killed. */
async function killedAt(dieAt: string, dataDir: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', at('../../../shared/sync/test/support/from-sources.mjs'), at('support/dying-exporter.ts')],
    {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, DIE_AT: dieAt },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

const rowOf = async ({ store }: Exporting) =>
  (await store.read().execute<{ state: string; lease_owner: string | null }[]>(`select * from ${store.table('user_export')}`))[0];
const keysOf = async ({ objects }: Exporting) => (await objects.list(FOLDER, { limit: 100 })).map(({ key }) => key);

describe('an export whose process is killed', () => {
  let folder: string;
  let dataDir: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loomgraph-export-'));
    await using exporting = await openExporting(join(folder, 'asked-for'));
    await requestExport(exporting);
  }, 120_000);
  // A copy is made sooner than a database.
  beforeEach(async () => {
    dataDir = await mkdtemp(join(folder, 'run-'));
    await cp(join(folder, 'asked-for'), dataDir, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    { dieAt: 'writing', left: [PART] },
    { dieAt: 'written', left: [PART, FILE] },
  ])(
    'while it is $dieAt the file, is made whole by one other, once',
    async ({ dieAt, left }) => {
      await killedAt(dieAt, dataDir);
      await using exporting = await openExporting(dataDir);
      expect(await rowOf(exporting)).toMatchObject({ state: 'collecting', lease_owner: expect.any(String) });
      expect(await keysOf(exporting)).toEqual(left);

      // Any number of processes look; until the lease of the dead one has run out none touches it.
      const jobs = [exporting.job(), exporting.job()];
      const runs: number[] = [];
      await waitFor(
        async () => runs.push(...(await Promise.all(jobs.map((job) => job.run())))),
        () => runs.some((count) => count > 0),
        LEASE_MS + 30_000,
      );
      expect(runs.reduce((sum, count) => sum + count, 0)).toBe(1);
      expect(await rowOf(exporting)).toMatchObject({ state: 'done', object_key: FILE, lease_owner: null, error_code: null });
      expect((await exporting.metrics.render()).body).toContain('accounts_exports_total{outcome="done"} 1');

      expect(await keysOf(exporting)).toEqual([FILE]);
      const made = await exporting.objects.get(FILE);
      const file = (await json(made!.body)) as { accounts: { sessions: { number: number }[] }; templates: unknown };
      expect(file).toMatchObject({ exportId: EXPORT_ID, userId: 'ada', templates: { ratings: [5] } });
      expect(file.accounts.sessions.map(({ number }) => number)).toEqual(Array.from({ length: SESSIONS }, (_, number) => number));

      expect(await jobs[0]!.run()).toBe(0);
      expect((await exporting.objects.head(FILE))?.modifiedAt).toEqual(made!.info.modifiedAt);
    },
    120_000,
  );

  it('when it is done, stays done; what it left goes with the file', async () => {
    await killedAt('done', dataDir);
    await using exporting = await openExporting(dataDir);
    expect(await rowOf(exporting)).toMatchObject({ state: 'done', object_key: FILE });
    expect(await exporting.job().run()).toBe(0);
    const { store } = exporting;
    await store.transaction((em) => em.execute(`update ${store.table('user_export')} set expires_at = 1`, [], 'run'));
    expect(await exporting.job().run()).toBe(1);
    expect([await rowOf(exporting), await keysOf(exporting)]).toEqual([undefined, []]);
    expect(await filesBelow(join(dataDir, 'objects'))).toEqual([]);
  }, 120_000);
});

/** Files on the disk, those that no list shows included. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

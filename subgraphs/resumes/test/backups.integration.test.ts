import { StoreError } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { waitFor } from '@loomgraph/testing';
import { archiveKey } from '../src/domain/object-keys.js';
import { entriesOf, patched, withSize, zipOf } from './support/archives.js';
import {
  BACKUP,
  CHECK_BY_ID,
  CHECK_RESUMES,
  REQUEST_ARCHIVE,
  REQUEST_BACKUP,
  RESTORE_BY_ID,
  RESTORE_RESUMES,
  RESUMES_OF,
} from './support/backup-queries.js';
import { admin, backends, caller, markdown, openResumes, sha256, type OpenResumes } from './support/open-resumes.js';

const ann = caller('ann');
const bob = caller('bob');
/** What a query asked for, it reads. */
type Loose = any; // eslint-disable-line

const DELETE = 'mutation($id: ID!) { deleteResume(id: $id) { deletedId } }';

for (const backend of backends(import.meta.filename)) {
  describe(`R6 backups of resumes: ${backend.name}`, () => {
    let app: OpenResumes;
    let first: string;
    let second: string;
    let backup: Loose;
    let archive: Buffer;
    /** Refuses the n-th object that is written under this prefix from now on. */
    let refused: { readonly prefix: string; left: number } | undefined;

    beforeAll(async () => {
      app = await openResumes(backend, {}, (stores) => failing(stores, () => refused));
      first = await app.createResume(ann, '后端工程师');
      await app.upload(ann, first, { ...markdown('# 王小明\n\n技能：Java'), fileName: '简历 一.md', comment: 'erste' });
      await app.upload(ann, first, markdown('# 王小明\n\n技能：Java、Kafka'));
      second = await app.createResume(ann, 'Without a version');
      const other = await app.createResume(bob);
      await app.upload(bob, other, markdown('# Bob'));
      await app.settle();
    }, 180_000);
    afterAll(() => app?.[Symbol.asyncDispose](), 60_000);
    afterEach(() => {
      refused = undefined;
    });

    const requestBackup = async (input: object = {}, by = ann) => {
      const { id } = (await app.data(REQUEST_BACKUP, { input }, by)).requestResumeBackup.backup;
      await app.settle();
      return (await app.data(BACKUP, { id }, by)).resumeBackup;
    };
    const fetched = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());
    const restored = async (input: object, by = ann) => {
      const { id } = (await app.data(RESTORE_RESUMES, { input }, by)).restoreResumes.restore;
      // Files that are being deleted are waited for.
      return waitFor(
        async () => {
          await app.settle();
          return (await app.data(RESTORE_BY_ID, { id }, by)).resumeRestore;
        },
        ({ state }) => state === 'DONE' || state === 'FAILED',
        30_000,
      );
    };
    const sendArchive = async (content: Buffer, by = ann): Promise<string> => {
      const { upload } = (await app.data(REQUEST_ARCHIVE, { input: { sizeBytes: content.byteLength } }, by)).requestResumeArchiveUpload;
      const headers = Object.fromEntries(upload.headers.map(({ name, value }: { name: string; value: string }) => [name, value]));
      const response = await fetch(upload.url, { method: 'PUT', body: new Uint8Array(content), headers });
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      return upload.id;
    };
    const resumesOf = async (userId: string) => (await app.data(RESUMES_OF, { filter: { userId } }, admin)).resumes.nodes;
    const check = async (input: object = {}) => {
      const { id } = (await app.data(CHECK_RESUMES, { input }, admin)).checkResumes.check;
      await app.settle();
      return (await app.data(CHECK_BY_ID, { id }, admin)).resumeCheck;
    };
    const results = (restore: { outcomes: readonly { resumeId: string; result: string }[] }) =>
      Object.fromEntries(restore.outcomes.map(({ resumeId, result }) => [resumeId, result]));

    it('are archives with every file, its size and checksum, that their owner can download', async () => {
      backup = await requestBackup();
      expect(backup).toMatchObject({ userId: 'ann', resumeId: null, state: 'DONE', reason: null, resumes: 2, done: 2, total: 2 });
      archive = await fetched(backup.download.url);
      expect([archive.byteLength, sha256(archive)]).toEqual([backup.sizeBytes, backup.sha256]);
      const { 'manifest.json': manifest, ...files } = await entriesOf(archive);
      const { format, schemaVersion, userId, resumes } = JSON.parse(String(manifest));
      expect([format, schemaVersion, userId]).toEqual(['loomgraph-resumes', 1, 'ann']);
      const versions = resumes.flatMap((resume: { versions: object[] }) => resume.versions);
      expect(versions.map(({ sizeBytes, sha256: sum }: { sizeBytes: number; sha256: string }) => [sizeBytes, sum])).toEqual(
        versions.map(({ entry }: { entry: string }) => [files[entry]?.byteLength, sha256(files[entry] as Buffer)]),
      );
      expect(Object.keys(files)).toHaveLength(2);
      const one = await requestBackup({ resumeId: first });
      expect(one).toMatchObject({ resumeId: first, state: 'DONE', resumes: 1, total: 2 });
      await app.data('mutation($id: ID!) { deleteResumeBackup(id: $id) { deletedId } }', { id: one.id }, ann);
      await app.settle();
      expect(await app.keys('resume-backups/')).toEqual([`resume-backups/ann/${backup.id}.zip`]);
    });

    it('are for their owner and administrators', async () => {
      expect((await app.data(BACKUP, { id: backup.id }, bob)).resumeBackup).toBeNull();
      expect((await app.data(BACKUP, { id: backup.id }, admin)).resumeBackup.id).toBe(backup.id);
      const cases = [
        [REQUEST_BACKUP, { input: { userId: 'ann' } }, 'FORBIDDEN'],
        [REQUEST_BACKUP, { input: { resumeId: first } }, 'NOT_FOUND'],
        [RESTORE_RESUMES, { input: { backupId: backup.id } }, 'NOT_FOUND'],
        [RESTORE_RESUMES, { input: {} }, 'BAD_USER_INPUT'],
        ['mutation($id: ID!) { deleteResumeBackup(id: $id) { deletedId } }', { id: backup.id }, 'NOT_FOUND'],
        [CHECK_RESUMES, {}, 'FORBIDDEN'],
        [REQUEST_ARCHIVE, { input: { sizeBytes: 5, userId: 'ann' } }, 'FORBIDDEN'],
        [REQUEST_ARCHIVE, { input: { sizeBytes: 40_000_000 } }, 'FILE_REFUSED'],
      ] as const;
      for (const [query, variables, code] of cases) expect(await app.refusal(query, variables, bob)).toMatchObject({ code });
      expect(await app.refusal(REQUEST_BACKUP, {}, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
    });

    it('asked for twice while they are under way are one', async () => {
      const ask = async () => (await app.data(REQUEST_BACKUP, { input: { resumeId: second } }, ann)).requestResumeBackup.backup.id;
      const ids = [await ask(), await ask()];
      expect(ids[0]).toBe(ids[1]);
      await app.settle();
      await app.data('mutation($id: ID!) { deleteResumeBackup(id: $id) { deletedId } }', { id: ids[0] }, ann);
    });

    it('bring back what was deleted: the same ids, numbers, dates and bytes, understood again', async () => {
      const before = await resumesOf('ann');
      for (const id of [first, second]) await app.data(DELETE, { id }, ann);
      // Not settled: the files of what was deleted are still to go, and are waited for.
      const done = await restored({ backupId: backup.id });
      expect(done).toMatchObject({ state: 'DONE', policy: 'SKIP', done: 2, total: 2 });
      expect(results(done)).toEqual({ [first]: 'RESTORED', [second]: 'RESTORED' });
      expect(await resumesOf('ann')).toEqual(before);
      const { resume } = await app.data(
        'query($id: ID!) { resume(id: $id) { latestVersion { understanding { state text } download { url } } } }',
        { id: first },
        ann,
      );
      expect(resume.latestVersion.understanding).toMatchObject({ state: 'DONE', text: expect.stringContaining('Kafka') });
      expect(String(await fetched(resume.latestVersion.download.url))).toBe('# 王小明\n\n技能：Java、Kafka');
      expect(await check()).toMatchObject({
        state: 'DONE',
        versions: 3,
        objects: 3,
        missing: 0,
        wrongSize: 0,
        wrongChecksum: 0,
        orphans: 0,
      });
    });

    it('leave alone, replace or copy what is there, as they are told, and do no more the second time', async () => {
      expect(results(await restored({ backupId: backup.id, policy: 'SKIP' }))).toEqual({ [first]: 'SKIPPED', [second]: 'SKIPPED' });
      const before = await resumesOf('ann');
      await app.data(
        'mutation($input: UpdateResumeInput!) { updateResume(input: $input) { resume { id } } }',
        { input: { id: first, title: 'Renamed' } },
        ann,
      );
      const added = await app.upload(ann, first, markdown('# Third'));
      await app.data('mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }', { id: before[0].versions.nodes[1].id }, ann);
      await app.settle();
      expect(results(await restored({ backupId: backup.id, policy: 'REPLACE' }))).toEqual({ [first]: 'REPLACED', [second]: 'UNCHANGED' });
      expect(await resumesOf('ann')).toEqual(before);
      expect((await app.keys('resumes/ann/')).filter((key) => key.includes(added.version.id))).toEqual([]);
      expect(results(await restored({ backupId: backup.id, policy: 'REPLACE' }))).toEqual({ [first]: 'UNCHANGED', [second]: 'UNCHANGED' });
      const copied = await restored({ backupId: backup.id, policy: 'COPY' });
      expect(results(copied)).toEqual({ [first]: 'COPIED', [second]: 'COPIED' });
      const all = await resumesOf('ann');
      expect(all).toHaveLength(4);
      const copy = all.find(({ id }: { id: string }) => id === copied.outcomes.find((one: Loose) => one.resumeId === first).restoredId);
      const facts = ({ number, fileName, sha256: sum, comment, createdAt }: Loose) => ({ number, fileName, sum, comment, createdAt });
      expect(copy.versions.nodes.map(facts)).toEqual(before[0].versions.nodes.map(facts));
      for (const { restoredId: id } of copied.outcomes) await app.data(DELETE, { id }, ann);
      await app.settle();
    });

    it('can be uploaded again, and are restored from once', async () => {
      await app.data(DELETE, { id: first }, ann);
      await app.settle();
      const uploadId = await sendArchive(archive);
      const done = await restored({ uploadId });
      expect([done.id, results(done)]).toEqual([uploadId, { [first]: 'RESTORED', [second]: 'SKIPPED' }]);
      expect((await app.data(RESTORE_RESUMES, { input: { uploadId } }, ann)).restoreResumes.restore.state).toBe('DONE');
      expect(await app.refusal(RESTORE_RESUMES, { input: { uploadId, policy: 'COPY' } }, ann)).toMatchObject({ code: 'CONFLICT' });
      expect(await app.keys(`resume-backups/ann/${uploadId}`)).toEqual([]);
    });

    it('restore nothing of an archive that anything is wrong with, and say what', async () => {
      const { 'manifest.json': raw, ...files } = await entriesOf(archive);
      const manifest = JSON.parse(String(raw));
      const withManifest = (
        change: (copy: Loose) => void,
        more: Record<string, string | Buffer> = {},
        compress = false,
      ): Promise<Buffer> => {
        const copy = structuredClone(manifest);
        change(copy);
        return zipOf({ 'manifest.json': JSON.stringify(copy), ...files, ...more }, compress);
      };
      const [entry = '', otherEntry = ''] = Object.keys(files);
      const bomb = '# '.padEnd(40_000, 'a');
      const bombed = await withManifest(
        (copy) => {
          const version = copy.resumes.flatMap((one: Loose) => one.versions).find((one: Loose) => one.entry === entry);
          version.sizeBytes = 10;
        },
        { [entry]: bomb },
        true,
      );
      const cases: [string, string, Buffer | Promise<Buffer>, typeof ann?][] = [
        ['no ZIP', 'BROKEN', Buffer.from('no archive at all')],
        ['cut short', 'BROKEN', archive.subarray(0, archive.byteLength - 30)],
        ['no manifest', 'MANIFEST', zipOf({ 'a.txt': 'a' })],
        ['another format', 'MANIFEST', zipOf({ 'manifest.json': '{"format":"jsonresume"}' })],
        ['no JSON', 'MANIFEST', zipOf({ 'manifest.json': '{' })],
        ['a manifest that lacks something', 'MANIFEST', withManifest((copy) => delete copy.resumes[0].title)],
        ['text that no store keeps', 'MANIFEST', withManifest((copy) => (copy.resumes[0].title = 'a\u0000b'))],
        ['a newer release', 'NEWER_VERSION', withManifest((copy) => (copy.schemaVersion = 2))],
        ['another owner', 'OWNER', archive, bob],
        ['an entry more', 'ENTRIES', withManifest(() => undefined, { 'files/x/y.md': 'y' })],
        [
          'an entry that leads out',
          'ENTRIES',
          withManifest(() => undefined, { 'xx/evil.md': 'y' }).then((zip) => patched(zip, 'xx/evil.md', '../evil.md')),
        ],
        [
          'an entry twice',
          'ENTRIES',
          withManifest(() => undefined, { 'files/a.md': '1', 'files/b.md': '2' }).then((zip) => patched(zip, 'files/b.md', 'files/a.md')),
        ],
        [
          'an entry less',
          'ENTRIES',
          withManifest((copy) => ((copy.resumes[0].versions[0] ??= copy.resumes[1].versions[0]).entry = 'files/gone')),
        ],
        ['a changed file', 'CHECKSUM', withManifest(() => undefined, { [entry]: Buffer.from(files[entry] as Buffer).fill(120, 0, 1) })],
        [
          'files exchanged',
          'CHECKSUM',
          zipOf({ 'manifest.json': raw as Buffer, [entry]: files[otherEntry] as Buffer, [otherEntry]: files[entry] as Buffer }),
        ],
        ['a file that inflates to more than the manifest says', 'CHECKSUM', bombed],
        ['a file that inflates to more than it says itself', 'BROKEN', withSize(bombed, entry, 10)],
        [
          'a file larger than is taken',
          'TOO_LARGE',
          withManifest((copy) => ((copy.resumes[0].versions[0] ??= copy.resumes[1].versions[0]).sizeBytes = 70_000)),
        ],
        [
          'a file that is not what its name says',
          'FILE',
          withManifest((copy) => {
            const version = copy.resumes.flatMap((one: Loose) => one.versions).find((one: Loose) => one.entry === entry);
            Object.assign(version, { contentType: 'application/pdf', fileName: 'a.pdf' });
          }),
        ],
      ];
      const before = [await resumesOf('ann'), await resumesOf('bob'), await app.keys('resumes/')];
      for (const [what, reason, content, by = ann] of cases) {
        const failed = await restored({ uploadId: await sendArchive(await content, by), policy: 'REPLACE' }, by);
        expect([what, failed.state, failed.reason, failed.detail !== null, failed.outcomes]).toEqual([what, 'FAILED', reason, true, []]);
      }
      const { upload } = (await app.data(REQUEST_ARCHIVE, { input: { sizeBytes: 5 } }, ann)).requestResumeArchiveUpload;
      expect(await restored({ uploadId: upload.id })).toMatchObject({ state: 'FAILED', reason: 'MISSING' });
      expect([await resumesOf('ann'), await resumesOf('bob'), await app.keys('resumes/')]).toEqual(before);
      // The archive of a backup that was changed in the object store.
      const objects = await app.stores.objects();
      const key = archiveKey(app.folder, { id: backup.id, userId: 'ann' });
      await objects.put(key, await withManifest((copy) => (copy.resumes[0].title = 'Forged')), { contentType: 'application/zip' });
      expect(await restored({ backupId: backup.id, policy: 'REPLACE' })).toMatchObject({ state: 'FAILED', reason: 'CHECKSUM' });
      await objects.put(key, archive, { contentType: 'application/zip' });
    }, 120_000);

    it('never touch what belongs to somebody else, whatever an archive says its id is', async () => {
      const [bobs] = await resumesOf('bob');
      const { 'manifest.json': raw, ...files } = await entriesOf(archive);
      const forged = JSON.parse(String(raw));
      const resume = forged.resumes.find((one: { versions: object[] }) => one.versions.length > 0);
      resume.id = bobs.id;
      const zip = await zipOf({ 'manifest.json': JSON.stringify({ ...forged, resumes: [resume] }), ...files });
      const before = [await resumesOf('ann'), await resumesOf('bob')];
      for (const policy of ['SKIP', 'REPLACE'])
        expect(results(await restored({ uploadId: await sendArchive(zip), policy }))).toEqual({ [bobs.id]: 'CONFLICT' });
      expect([await resumesOf('ann'), await resumesOf('bob')]).toEqual(before);
      // Who uploads an archive made its versions, whoever it says did.
      resume.versions[0].createdBy = 'admin';
      const renamed = await zipOf({ 'manifest.json': JSON.stringify({ ...forged, resumes: [resume] }), ...files });
      const copied = await restored({ uploadId: await sendArchive(renamed), policy: 'COPY' });
      const made = (await resumesOf('ann')).find(({ id }: { id: string }) => id === copied.outcomes[0].restoredId);
      expect(made.versions.nodes.map(({ createdBy }: { createdBy: string }) => createdBy)).toEqual(['ann', 'ann']);
      await app.data(DELETE, { id: made.id }, ann);
      await app.settle();
    });

    it('that break off are finished by whoever takes them up, with nothing half-restored in between', async () => {
      await app.data(DELETE, { id: first }, ann);
      await app.settle();
      refused = { prefix: 'resumes/ann/', left: 1 };
      const { id } = (await app.data(RESTORE_RESUMES, { input: { backupId: backup.id } }, ann)).restoreResumes.restore;
      await app.settle();
      expect((await app.data(RESTORE_BY_ID, { id }, ann)).resumeRestore).toMatchObject({ state: 'RUNNING' });
      expect(await app.keys(`resumes/ann/${first}`)).toHaveLength(1);
      expect((await resumesOf('ann')).map((one: { id: string }) => one.id)).toEqual([second]);
      refused = undefined;
      const done = await waitFor(
        async () => {
          await app.settle();
          return (await app.data(RESTORE_BY_ID, { id }, ann)).resumeRestore;
        },
        ({ state }) => state === 'DONE',
        30_000,
      );
      expect(results(done)).toEqual({ [first]: 'RESTORED', [second]: 'SKIPPED' });
    }, 60_000);

    it('a check finds what is missing, damaged and left over, and puts back what a backup has', async () => {
      const objects = await app.stores.objects();
      const [one] = (await resumesOf('ann')).filter(({ id }: { id: string }) => id === first);
      const [newer, older] = one.versions.nodes;
      const keyOf = ({ id, fileName }: { id: string; fileName: string }): string => `${app.folder}resumes/ann/${first}/${id}/${fileName}`;
      await objects.delete(keyOf(older));
      await objects.put(keyOf(newer), Buffer.alloc(newer.sizeBytes, 'x'), { contentType: 'text/markdown' });
      const [bobs] = await resumesOf('bob');
      const bobsKey = `${app.folder}resumes/bob/${bobs.id}/${bobs.versions.nodes[0].id}/cv.md`;
      await objects.put(bobsKey, Buffer.from('longer than it was'), { contentType: 'text/markdown' });
      await objects.put(`${app.folder}resumes/ann/${first}/left/over.md`, Buffer.from('x'), { contentType: 'text/markdown' });
      app.clock.advance(2 * 86_400_000);
      expect(await check({ depth: 'SIZE' })).toMatchObject({ missing: 1, wrongSize: 1, wrongChecksum: 0, orphans: 1, repaired: 0 });
      expect((await requestBackup()).detail).toContain('restore it');
      expect(await restored({ backupId: backup.id, policy: 'SKIP' })).toMatchObject({ state: 'DONE' });
      const found = await check({ repair: true });
      expect(found).toMatchObject({ state: 'DONE', versions: 3, missing: 1, wrongSize: 1, wrongChecksum: 1, orphans: 1, repaired: 3 });
      const byVersion = Object.fromEntries(found.findings.map((finding: { versionId: string }) => [finding.versionId, finding]));
      expect(byVersion).toEqual({
        [older.id]: { versionId: older.id, problem: 'MISSING', repaired: true },
        [newer.id]: { versionId: newer.id, problem: 'WRONG_CHECKSUM', repaired: true },
        // There is no backup of his.
        [bobs.versions.nodes[0].id]: { versionId: bobs.versions.nodes[0].id, problem: 'WRONG_SIZE', repaired: false },
        left: { versionId: 'left', problem: 'ORPHAN', repaired: true },
      });
      expect(await check()).toMatchObject({ missing: 0, wrongSize: 1, wrongChecksum: 0, orphans: 0, repaired: 0 });
      expect((await requestBackup({}, bob)).reason).toBe('DAMAGED');
      await objects.put(bobsKey, Buffer.from('# Bob'), { contentType: 'text/markdown' });
      // Without a check, restoring over what is there puts a file back as well.
      await objects.delete(keyOf(older));
      expect(results(await restored({ backupId: backup.id, policy: 'REPLACE' }))[first]).toBe('UNCHANGED');
      expect(await check()).toMatchObject({ missing: 0, wrongChecksum: 0 });
    }, 60_000);

    it('go when they expire, and leave no archive behind', async () => {
      app.clock.advance(8 * 86_400_000);
      const objects = await app.stores.objects();
      await objects.put(`${app.folder}resume-backups/ann/nobody.zip`, Buffer.from('x'), { contentType: 'application/zip' });
      app.clock.advance(2 * 86_400_000);
      await app.sweep();
      expect(await app.keys('resume-backups/')).toEqual([]);
      expect((await app.data(BACKUP, { id: backup.id }, ann)).resumeBackup).toBeNull();
    });

    it('go with their user', async () => {
      const made = await requestBackup();
      expect(await app.keys('resume-backups/')).toEqual([`resume-backups/ann/${made.id}.zip`]);
      await app.subgraph.start();
      const erased = createEvent(eventCatalogue['accounts.user-erased'], { userId: 'ann', erasedAt: app.clock.now().toISOString() });
      await (await app.stores.bus()).publish('accounts-events', [encodeEvent(erased as never)]);
      await waitFor(
        () => app.keys('resume-backups/'),
        (keys) => keys.length === 0,
        30_000,
      );
      expect((await app.data(BACKUP, { id: made.id }, admin)).resumeBackup).toBeNull();
      expect(await app.refusal(REQUEST_BACKUP, {}, ann)).toMatchObject({ code: 'UNAUTHENTICATED' });
    }, 60_000);
  });
}

/** The store set, whose object store is full for a while where `refused` says so, as one is when a process dies half-way. */
function failing(stores: StoreSet, refused: () => { readonly prefix: string; left: number } | undefined): StoreSet {
  return new Proxy(stores, {
    get(target, name) {
      if (name !== 'objects') return bound(target, name);
      return async () =>
        new Proxy(await target.objects(), {
          get(objects, method) {
            if (method !== 'put') return bound(objects, method);
            return (...[key, ...rest]: Parameters<typeof objects.put>) => {
              const rule = refused();
              if (rule && key.includes(rule.prefix)) {
                if (rule.left === 0) throw new StoreError('unavailable', 's3', 'The object store is away.');
                rule.left -= 1;
              }
              return objects.put(key, ...rest);
            };
          },
        });
    },
  });
}

const bound = (target: object, name: string | symbol): unknown => {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
};

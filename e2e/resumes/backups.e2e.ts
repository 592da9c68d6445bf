import { createHash } from 'node:crypto';
import { waitFor } from '@loomgraph/testing';
import { admin, deploy, type Caller, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';
import { codesOf } from '../templates/scenario.js';

const CREATE = 'mutation($title: String!) { createResume(input: { title: $title }) { resume { id } } }';
const UPLOAD = `mutation($input: RequestResumeUploadInput!) { requestResumeUpload(input: $input) { upload { id url headers { name value } } } }`;
const COMPLETE = 'mutation($id: ID!) { completeResumeUpload(input: { uploadId: $id }) { version { id } } }';
const ARCHIVE = `mutation($sizeBytes: Int!) { requestResumeArchiveUpload(input: { sizeBytes: $sizeBytes }) { upload { id url headers { name value } } } }`;
const BACK_UP = 'mutation { requestResumeBackup { backup { id } } }';
const BACKUP = 'query($id: ID!) { resumeBackup(id: $id) { state total sizeBytes sha256 download { url } } }';
const RESTORE = 'mutation($input: RestoreResumesInput!) { restoreResumes(input: $input) { restore { id } } }';
const RESTORED = 'query($id: ID!) { resumeRestore(id: $id) { state reason outcomes { resumeId result } } }';
const CHECK = 'mutation { checkResumes { check { id syncJobId } } }';
const CHECKED = 'query($id: ID!) { resumeCheck(id: $id) { state versions missing wrongSize wrongChecksum orphans } }';
const RESUME = 'query($id: ID!) { resume(id: $id) { title latestVersion { id number fileName sha256 download { url } } } }';
const FILE = Buffer.from('# 王小明\n\n技能：Java、Kafka\n');

// The subgraph runs in the gateway's process either way.
describe.each(deployments().filter(({ remote }) => !remote))('R6 backups of resumes through the gateway: $name', (deployment) => {
  let app: RunningDeployment;
  let resumeId: string;
  const owner: Caller = { userId: 'li' };

  beforeAll(async () => {
    app = await deploy(deployment);
    resumeId = (await app.data(CREATE, { title: '后端工程师' }, owner)).createResume.resume.id;
    const input = { resumeId, fileName: '简历.md', mimeType: 'text/markdown', sizeBytes: FILE.byteLength };
    const { upload } = (await app.data(UPLOAD, { input }, owner)).requestResumeUpload;
    await send(upload, FILE);
    await app.data(COMPLETE, { id: upload.id }, owner);
  }, 150_000);
  afterAll(() => app?.[Symbol.asyncDispose](), 60_000);

  /** The process that is tested took a free port; an object store of its own is where it says. */
  const reachable = (url: string): string => {
    const { pathname, search } = new URL(url);
    return pathname.startsWith('/objects/') ? `${app.url}${pathname}${search}` : url;
  };
  const send = async (upload: { url: string; headers: { name: string; value: string }[] }, content: Buffer): Promise<void> => {
    const headers = Object.fromEntries(upload.headers.map(({ name, value }) => [name, value]));
    const response = await fetch(reachable(upload.url), { method: 'PUT', body: new Uint8Array(content), headers });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
  };
  /** What a query answers once the work it asks about is over. */
  const over = (query: string, field: string, id: string, by: Caller) =>
    waitFor(
      async () => (await app.data(query, { id }, by))[field],
      ({ state }) => state === 'DONE' || state === 'FAILED',
      60_000,
    );

  it('a backup is downloaded, the resume deleted, and restored from the archive as it was; a check finds nothing amiss', async () => {
    const { id } = (await app.data(BACK_UP, {}, owner)).requestResumeBackup.backup;
    const backup = await over(BACKUP, 'resumeBackup', id, owner);
    expect(backup).toMatchObject({ state: 'DONE', total: 1 });
    const archive = Buffer.from(await (await fetch(reachable(backup.download.url))).arrayBuffer());
    expect([archive.byteLength, createHash('sha256').update(archive).digest('hex')]).toEqual([backup.sizeBytes, backup.sha256]);
    const { download: _link, ...before } = (await app.data(RESUME, { id: resumeId }, owner)).resume.latestVersion;
    await app.data('mutation($id: ID!) { deleteResume(id: $id) { deletedId } }', { id: resumeId }, owner);
    expect((await app.data(RESUME, { id: resumeId }, owner)).resume).toBeNull();

    const { upload } = (await app.data(ARCHIVE, { sizeBytes: archive.byteLength }, owner)).requestResumeArchiveUpload;
    await send(upload, archive);
    await app.data(RESTORE, { input: { uploadId: upload.id, policy: 'REPLACE' } }, owner);
    const restored = await over(RESTORED, 'resumeRestore', upload.id, owner);
    expect(restored).toEqual({ state: 'DONE', reason: null, outcomes: [{ resumeId, result: 'RESTORED' }] });
    const { resume } = await app.data(RESUME, { id: resumeId }, owner);
    expect([resume.title, resume.latestVersion]).toEqual(['后端工程师', expect.objectContaining(before)]);
    expect(Buffer.from(await (await fetch(reachable(resume.latestVersion.download.url))).arrayBuffer()).equals(FILE)).toBe(true);

    const { check } = (await app.data(CHECK, {}, admin)).checkResumes;
    const checked = await over(CHECKED, 'resumeCheck', check.id, admin);
    expect(checked).toEqual({ state: 'DONE', versions: 1, missing: 0, wrongSize: 0, wrongChecksum: 0, orphans: 0 });
    const job = await over('query($id: ID!) { syncJob(id: $id) { state subgraph kind } }', 'syncJob', check.syncJobId, admin);
    expect(job).toMatchObject({ state: 'DONE', kind: 'CHECK', subgraph: 'resumes' });
  }, 180_000);

  it('nobody else has any of it', async () => {
    const { resumeBackups } = await app.data('{ resumeBackups { id } }', {}, owner);
    expect((await app.data(BACKUP, { id: resumeBackups[0].id }, { userId: 'eve' })).resumeBackup).toBeNull();
    expect(codesOf(await app.send(RESTORE, { input: { backupId: resumeBackups[0].id } }, { userId: 'eve' }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await app.send(CHECK, {}, owner))).toEqual(['FORBIDDEN']);
  });
});

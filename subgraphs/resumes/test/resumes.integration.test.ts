import { OutboxRow } from '@loomgraph/sync';
import {
  backends,
  admin,
  caller,
  COMPLETE,
  markdown,
  MAX_BYTES,
  openResumes,
  pdf,
  REQUEST,
  sha256,
  type OpenResumes,
  type TestFile,
} from './support/open-resumes.js';

const ann = caller('ann');
const bob = caller('bob');
const VERSION = 'query($id: ID!) { resumeVersion(id: $id) { id fileName sha256 download { url expiresAt } } }';
const RESUME = 'query($id: ID!) { resume(id: $id) { id title revision shareLinks { id uses revokedAt } sharedWithGroups } }';

for (const backend of backends(import.meta.filename)) {
  describe(`R1 resumes and versions: ${backend.name}`, () => {
    let app: OpenResumes;
    beforeAll(async () => {
      app = await openResumes(backend, { sweep: { orphanAgeMs: 86_400_000 } });
    }, 180_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const fetched = async (url: string) => {
      const response = await fetch(url);
      return {
        status: response.status,
        name: response.headers.get('content-disposition'),
        body: Buffer.from(await response.arrayBuffer()),
      };
    };

    describe('a file becomes a version', () => {
      it('goes straight to the object store, is kept under its key, and comes back with its Chinese name', async () => {
        const resumeId = await app.createResume(ann);
        const file = { fileName: '张三 简历 (最终版).pdf', mimeType: 'application/pdf', content: pdf, comment: '第一版' };
        const { version, resume } = await app.upload(ann, resumeId, file);
        expect(version).toEqual({
          id: version.id,
          number: 1,
          fileName: file.fileName,
          mimeType: 'application/pdf',
          sizeBytes: pdf.byteLength,
          sha256: sha256(pdf),
          comment: '第一版',
          createdBy: 'ann',
        });
        expect(resume).toEqual({ id: resumeId, revision: 2, versionCount: 1, latestVersion: { id: version.id } });
        await app.settle();
        expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([`resumes/ann/${resumeId}/${version.id}/${file.fileName}`]);
        expect(await app.keys(`resume-uploads/${version.id}`)).toEqual([]);
        const { download } = (await app.data(VERSION, { id: version.id }, ann)).resumeVersion;
        const { status, name, body } = await fetched(download.url);
        expect([status, body.equals(pdf)]).toEqual([200, true]);
        expect(name).toContain(`filename*=UTF-8''${encodeURIComponent('张三 简历 (最终版).pdf').replace('(', '%28').replace(')', '%29')}`);
      });

      it('versions count up and never change: a URL that is used again after its upload was completed does nothing to them', async () => {
        const resumeId = await app.createResume(ann);
        const sent = await app.sendFile(ann, resumeId, markdown('# One'));
        const complete = { input: { uploadId: sent.id } };
        const first = (await app.data(COMPLETE, complete, ann)).completeResumeUpload.version;
        const again = await fetch(sent.url, { method: 'PUT', body: '# Two', headers: sent.headers });
        expect(again.status).toBe(200);
        expect((await app.data(COMPLETE, complete, ann)).completeResumeUpload.version).toEqual(first);
        const { download } = (await app.data(VERSION, { id: first.id }, ann)).resumeVersion;
        expect((await fetched(download.url)).body.toString()).toBe('# One');
        const second = await app.upload(ann, resumeId, markdown('# Three'));
        expect([first.number, second.version.number]).toEqual([1, 2]);
        const list =
          'query($id: ID!, $filter: ResumeVersionFilterInput) { resume(id: $id) { versions(first: 1, filter: $filter) { totalCount nodes { number } pageInfo { hasNextPage } } } }';
        expect((await app.data(list, { id: resumeId }, ann)).resume.versions).toEqual({
          totalCount: 2,
          nodes: [{ number: 2 }],
          pageInfo: { hasNextPage: true },
        });
        expect((await app.data(list, { id: resumeId, filter: { fileNameContains: 'pdf' } }, ann)).resume.versions.totalCount).toBe(0);
      });

      it('completed five times at once, it is one version', async () => {
        const resumeId = await app.createResume(ann);
        const { id } = await app.sendFile(ann, resumeId, markdown('# Once'));
        const all = await Promise.all(Array.from({ length: 5 }, () => app.send(COMPLETE, { input: { uploadId: id } }, ann)));
        expect(all.map(({ errors }) => errors)).toEqual(all.map(() => undefined));
        expect((await app.data('query($id: ID!) { resume(id: $id) { versionCount revision } }', { id: resumeId }, ann)).resume).toEqual({
          versionCount: 1,
          revision: 2,
        });
      });

      // A process that is killed after it kept the file and before it wrote the version leaves this behind.
      it('goes on with what an earlier attempt kept, whatever was sent since', async () => {
        const resumeId = await app.createResume(ann);
        const { id } = await app.sendFile(ann, resumeId, markdown('# Sent later'));
        const key = `${app.folder}resumes/ann/${resumeId}/${id}/cv.md`;
        await (await app.stores.objects()).put(key, Buffer.from('# Kept'), { contentType: 'text/markdown' });
        const { version } = (await app.data(COMPLETE, { input: { uploadId: id } }, ann)).completeResumeUpload;
        expect(version).toMatchObject({ sizeBytes: 6, sha256: sha256(Buffer.from('# Kept')) });
      });
    });

    describe('a file that is not what it should be', () => {
      const zip = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.alloc(60)]);
      const announced: [string, Partial<TestFile>, string][] = [
        ['a path', { fileName: '../../etc/passwd.md' }, 'name'],
        ['a Windows path', { fileName: 'C:\\cv.md' }, 'name'],
        ['markup', { fileName: '<img src=x onerror=alert(1)>.md' }, 'name'],
        ['an ending that is turned round', { fileName: 'cv\u202Efdp.md' }, 'name'],
        ['dots', { fileName: '..' }, 'name'],
        ['a name of 256 bytes', { fileName: `${'简'.repeat(84)}a.md` }, 'name'],
        ['an ending of another type', { fileName: 'cv.exe' }, 'type'],
        ['a type that is not taken', { mimeType: 'text/html', fileName: 'cv.html' }, 'type'],
        ['200 MB', { sizeBytes: 200 * 1024 * 1024 }, 'too-large'],
        ['nothing', { sizeBytes: 0 }, 'empty'],
      ];
      it('is refused before it is sent, and nothing is kept', async () => {
        const resumeId = await app.createResume(ann);
        for (const [what, difference, reason] of announced) {
          const { content, comment = '', ...file } = { ...markdown('# Ann'), ...difference };
          const input = { resumeId, comment, sizeBytes: content.byteLength, ...file };
          expect([what, await app.refusal(REQUEST, { input }, ann)]).toMatchObject([what, { code: 'FILE_REFUSED', reason }]);
        }
        expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([]);
      });

      const sent: [string, Partial<TestFile>, string][] = [
        [
          'HTML that calls itself a PDF',
          { fileName: 'a.pdf', mimeType: 'application/pdf', content: Buffer.from('<html><script>') },
          'type',
        ],
        ['a PDF that calls itself text', { fileName: 'a.txt', mimeType: 'text/plain', content: pdf }, 'type'],
        [
          'a ZIP that calls itself DOCX',
          { fileName: 'a.docx', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', content: zip },
          'type',
        ],
        ['text in another encoding', { content: Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]) }, 'type'],
        ['text with NUL', { content: Buffer.from('a\0b') }, 'type'],
        ['JSON that is none', { fileName: 'a.json', mimeType: 'application/json', content: Buffer.from('{"basics":') }, 'type'],
        ['JSON that is no object', { fileName: 'a.json', mimeType: 'application/json', content: Buffer.from('[1]') }, 'type'],
        ['more than was said', { content: Buffer.alloc(MAX_BYTES + 1, 97), sizeBytes: 10 }, 'too-large'],
        ['nothing', { content: Buffer.alloc(0), sizeBytes: 10 }, 'empty'],
      ];
      it('is refused when it is completed; the upload and what was sent are gone', async () => {
        const resumeId = await app.createResume(ann);
        for (const [what, difference, reason] of sent) {
          const { id, status } = await app.sendFile(ann, resumeId, { ...markdown('# Ann'), ...difference });
          const refused = await app.refusal(COMPLETE, { input: { uploadId: id } }, ann);
          // Where the object store holds to the limit, nothing has arrived.
          expect([what, refused]).toMatchObject([what, { code: 'FILE_REFUSED', reason: status === 413 ? 'missing' : reason }]);
          if (status === 413) continue;
          await app.settle();
          expect([what, await app.keys(`resume-uploads/${id}`)]).toEqual([what, []]);
          expect(await app.refusal(COMPLETE, { input: { uploadId: id } }, ann)).toMatchObject({ code: 'NOT_FOUND' });
        }
        expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([]);
      });

      it('is refused where its checksum is another one, or where it never came', async () => {
        const resumeId = await app.createResume(ann);
        const { id } = await app.sendFile(ann, resumeId, markdown('# Ann'));
        const wrong = { input: { uploadId: id, sha256: sha256(Buffer.from('# Bob')) } };
        expect(await app.refusal(COMPLETE, wrong, ann)).toMatchObject({ code: 'FILE_REFUSED', reason: 'checksum' });
        const { content: _unsent, ...file } = markdown('# Ann');
        const { upload } = (await app.data(REQUEST, { input: { resumeId, sizeBytes: 5, ...file } }, ann)).requestResumeUpload;
        const complete = { input: { uploadId: upload.id } };
        expect(await app.refusal(COMPLETE, complete, ann)).toMatchObject({ code: 'FILE_REFUSED', reason: 'missing' });
        await fetch(upload.url, { method: 'PUT', body: '# Ann', headers: { 'content-type': 'text/markdown' } });
        expect((await app.data(COMPLETE, complete, ann)).completeResumeUpload.version.number).toBe(1);
      });
    });

    describe('what is deleted goes with its files', () => {
      it('a version; the newest is then the one before', async () => {
        const resumeId = await app.createResume(ann);
        const first = (await app.upload(ann, resumeId, markdown('# 1'))).version;
        const second = (await app.upload(ann, resumeId, markdown('# 2'))).version;
        const remove = 'mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId resume { versionCount latestVersion { id } } } }';
        expect((await app.data(remove, { id: second.id }, ann)).deleteResumeVersion).toEqual({
          deletedId: second.id,
          resume: { versionCount: 1, latestVersion: { id: first.id } },
        });
        await app.settle();
        expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([`resumes/ann/${resumeId}/${first.id}/cv.md`]);
        expect((await app.upload(ann, resumeId, markdown('# 3'))).version.number).toBe(3);
      });

      it('a resume, with versions, uploads under way and links', async () => {
        const resumeId = await app.createResume(ann);
        await app.upload(ann, resumeId, markdown('# 1'));
        const pending = await app.sendFile(ann, resumeId, markdown('# 2'));
        await app.data('mutation($id: ID!) { deleteResume(id: $id) { deletedId } }', { id: resumeId }, ann);
        await app.settle();
        expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([]);
        expect(await app.keys(`resume-uploads/${pending.id}`)).toEqual([]);
        expect((await app.data(RESUME, { id: resumeId }, ann)).resume).toBeNull();
      });
    });

    describe('who may read and change', () => {
      let resumeId: string;
      let versionId: string;
      const entity = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on ResumeVersion { id } } }';
      const seen = async (identity: ReturnType<typeof caller> | null) => {
        const resume = (await app.data(RESUME, { id: resumeId }, identity)).resume;
        const version = (await app.data(VERSION, { id: versionId }, identity)).resumeVersion;
        const [reference] = (await app.data(entity, { of: [{ __typename: 'ResumeVersion', id: versionId }] }, identity))._entities;
        const { resumes } = identity
          ? await app.data(
              'query($ids: [ID!]) { resumes(filter: { ids: $ids }) { totalCount nodes { id } } }',
              { ids: [resumeId] },
              identity,
            )
          : { resumes: { totalCount: 0, nodes: [] } };
        expect(
          new Set([resume !== null, version !== null, reference !== null, resumes.totalCount === 1, resumes.nodes.length === 1]).size,
        ).toBe(1);
        return resume as { shareLinks: unknown; sharedWithGroups: unknown } | null;
      };
      beforeAll(async () => {
        resumeId = await app.createResume(ann);
        versionId = (await app.upload(ann, resumeId, markdown('# Ann'))).version.id;
        app.facts.set('granted', { grants: [{ type: 'resume', id: resumeId, action: 'read' }] });
        app.facts.set('recruiter', { groups: ['company-1-recruiters'], roles: [{ role: 'recruiter', companyId: 'company-1' }] });
      });

      it('its owner and administrators; nobody else, who do not learn that it is there', async () => {
        expect(await seen(ann)).toMatchObject({ shareLinks: [], sharedWithGroups: [] });
        expect(await seen(admin)).toMatchObject({ shareLinks: [] });
        expect(await seen(bob)).toBeNull();
        expect(await seen(caller('recruiter'))).toBeNull();
        expect(await seen(null)).toBeNull();
        const update = 'mutation($input: UpdateResumeInput!) { updateResume(input: $input) { resume { id } } }';
        expect(await app.refusal(update, { input: { id: resumeId, title: 'His' } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
        expect(await app.refusal(update, { input: { id: resumeId, title: 'His' } })).toMatchObject({ code: 'UNAUTHENTICATED' });
        expect(
          await app.refusal(REQUEST, { input: { resumeId, fileName: 'a.md', mimeType: 'text/markdown', sizeBytes: 1 } }, bob),
        ).toMatchObject({ code: 'NOT_FOUND' });
        expect(await app.refusal(COMPLETE, { input: { uploadId: versionId } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
      });

      it('who was granted it, to read only', async () => {
        expect(await seen(caller('granted'))).toMatchObject({ shareLinks: null, sharedWithGroups: null });
        const remove = 'mutation($id: ID!) { deleteResume(id: $id) { deletedId } }';
        expect(await app.refusal(remove, { id: resumeId }, caller('granted'))).toMatchObject({ code: 'FORBIDDEN' });
      });

      it('the recruiters of a company it is shared with, until it is taken back', async () => {
        const share = (what: string) => `mutation($input: ResumeGroupInput!) { ${what}(input: $input) { resume { sharedWithGroups } } }`;
        const input = { resumeId, groupId: 'company-1-recruiters' };
        expect(await app.refusal(share('shareResumeWithGroup'), { input }, caller('recruiter'))).toMatchObject({ code: 'NOT_FOUND' });
        const shared = await app.data(share('shareResumeWithGroup'), { input }, ann);
        expect(shared.shareResumeWithGroup.resume.sharedWithGroups).toEqual(['company-1-recruiters']);
        expect(await seen(caller('recruiter'))).toMatchObject({ shareLinks: null });
        expect(await seen(bob)).toBeNull();
        await app.data(share('unshareResumeWithGroup'), { input }, ann);
        expect(await seen(caller('recruiter'))).toBeNull();
      });
    });

    it('lists are filtered, ordered and paged', async () => {
      const cleo = caller('cleo');
      for (const title of ['b 100%', 'a', 'c']) await app.createResume(cleo, title);
      const list = `query($filter: ResumeFilterInput, $orderBy: ResumeOrderInput, $after: String) {
        resumes(first: 2, after: $after, filter: $filter, orderBy: $orderBy) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } }`;
      const orderBy = { field: 'TITLE', direction: 'ASC' };
      const { resumes: page } = await app.data(list, { orderBy }, cleo);
      expect(page).toMatchObject({ totalCount: 3, nodes: [{ title: 'a' }, { title: 'b 100%' }], pageInfo: { hasNextPage: true } });
      const { resumes: next } = await app.data(list, { orderBy, after: page.pageInfo.endCursor }, cleo);
      expect(next).toMatchObject({ nodes: [{ title: 'c' }], pageInfo: { hasNextPage: false } });
      expect(await app.refusal(list, { after: page.pageInfo.endCursor }, cleo)).toMatchObject({ code: 'INVALID_CURSOR' });
      expect((await app.data(list, { filter: { titleContains: '0%' } }, cleo)).resumes.nodes).toEqual([{ title: 'b 100%' }]);
      expect((await app.data(list, { filter: { hasVersion: true } }, cleo)).resumes.totalCount).toBe(0);
      expect((await app.data(list, { filter: { userId: 'cleo' } }, bob)).resumes.totalCount).toBe(0);
    });

    it('share links open without signing in until they expire or are taken back; the record does not hold what opens them', async () => {
      const resumeId = await app.createResume(ann, 'Shared');
      const first = (await app.upload(ann, resumeId, markdown('# 1'))).version;
      const open = 'query($token: String!) { sharedResume(token: $token) { title fileName sha256 download { url } } }';
      const create = 'mutation($input: CreateResumeShareLinkInput!) { createResumeShareLink(input: $input) { token shareLink { id } } }';
      const link = async (ms: number, versionId?: string) => {
        const input = { resumeId, expiresAt: new Date(app.clock.now().getTime() + ms).toISOString(), ...(versionId ? { versionId } : {}) };
        return (await app.data(create, { input }, ann)).createResumeShareLink as { token: string; shareLink: { id: string } };
      };
      const newest = await link(3_600_000);
      const fixed = await link(7_200_000, first.id);
      await app.upload(ann, resumeId, markdown('# 2'));
      const opened = (await app.data(open, { token: newest.token })).sharedResume;
      expect(opened).toMatchObject({ title: 'Shared', fileName: 'cv.md', sha256: sha256(Buffer.from('# 2')) });
      expect((await fetched(opened.download.url)).body.toString()).toBe('# 2');
      expect((await app.data(open, { token: fixed.token })).sharedResume.sha256).toBe(first.sha256);
      expect((await app.data(open, { token: `${newest.token}x` })).sharedResume).toBeNull();
      const revoke = 'mutation($id: ID!) { revokeResumeShareLink(id: $id) { shareLink { revokedAt } } }';
      expect(await app.refusal(revoke, { id: newest.shareLink.id }, bob)).toMatchObject({ code: 'NOT_FOUND' });
      expect((await app.data(revoke, { id: newest.shareLink.id }, ann)).revokeResumeShareLink.shareLink.revokedAt).not.toBeNull();
      expect((await app.data(open, { token: newest.token })).sharedResume).toBeNull();
      const { shareLinks } = (await app.data(RESUME, { id: resumeId }, ann)).resume;
      expect(shareLinks.map(({ uses, revokedAt }: { uses: number; revokedAt: unknown }) => [uses, revokedAt !== null])).toEqual([
        [1, false],
        [1, true],
      ]);
      const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      const rows = await store.read().execute<object[]>(`select * from ${store.table('resume_share_link')}`);
      expect(JSON.stringify(rows)).not.toContain(newest.token);
      app.clock.advance(7_200_001);
      expect((await app.data(open, { token: fixed.token })).sharedResume).toBeNull();
      expect(await app.refusal(create, { input: { resumeId, expiresAt: app.clock.now().toISOString() } }, ann)).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    });

    // Last: it moves the clock on by days.
    it('the sweep deletes what no version names, and nothing else', async () => {
      const resumeId = await app.createResume(ann);
      const { version } = await app.upload(ann, resumeId, markdown('# Kept'));
      const abandoned = await app.sendFile(ann, resumeId, markdown('# Abandoned'));
      await app.settle();
      const objects = await app.stores.objects();
      const orphan = `resumes/ann/${resumeId}/00000000-0000-7000-8000-000000000000/cv.md`;
      const beside = `resumes/ann/${resumeId}/${version.id}/other.md`;
      for (const key of [orphan, beside, 'resume-uploads/nobody'])
        await objects.put(app.folder + key, Buffer.from('x'), { contentType: 'text/markdown' });
      await app.sweep();
      expect(await app.keys('resume-uploads/')).toEqual(
        expect.arrayContaining([`resume-uploads/${abandoned.id}`, 'resume-uploads/nobody']),
      );
      app.clock.advance(86_400_000 + 60_000);
      await app.sweep();
      expect(await app.keys('resume-uploads/')).toEqual([]);
      expect(await app.keys(`resumes/ann/${resumeId}/`)).toEqual([`resumes/ann/${resumeId}/${version.id}/cv.md`]);
      expect(await app.refusal(COMPLETE, { input: { uploadId: abandoned.id } }, ann)).toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}

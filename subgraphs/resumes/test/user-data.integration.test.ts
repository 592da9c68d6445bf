import { text } from 'node:stream/consumers';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { OutboxRow } from '@loomgraph/sync';
import { waitFor } from '@loomgraph/testing';
import { admin, backends, caller, COMPLETE, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';

for (const backend of backends(import.meta.filename)) {
  describe(`C6 R1 the resumes of a user: ${backend.name}`, () => {
    let app: OpenResumes;
    let resumeId: string;
    let pendingId: string;
    // A user as another issuer may name them.
    const ann = caller('https://id.example/../ann');
    const bob = caller('bob');

    beforeAll(async () => {
      app = await openResumes(backend);
      app.facts.set(ann.userId, { roles: [{ role: 'recruiter', companyId: 'acme' }] });
      await app.subgraph.start();
      resumeId = await app.createResume(ann, 'Ann Example, engineer');
      const { version } = await app.upload(ann, resumeId, markdown('# Ann'));
      for (const one of [ann, admin]) await suggestionOf(version.id, one);
      pendingId = (await app.sendFile(ann, resumeId, markdown('# Pending'))).id;
      const other = await app.createResume(bob);
      const uploaded = await app.upload(admin, other, markdown('# Bob, uploaded by an administrator'));
      await suggestionOf(uploaded.version.id, admin);
      const job = { companyId: 'acme', companyName: 'Acme', title: 'Engineer', description: 'Java' };
      const create = 'mutation($job: CreateJobInput!) { createJob(input: $job) { job { id } } }';
      await app.data(create, { job }, ann);
    }, 180_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    /** Asked for, answered, and found helpful. */
    const suggestionOf = async (versionId: string, by: typeof ann): Promise<void> => {
      const input = { versionId, jobTitle: 'Engineer', jobDescription: 'Java and Kafka' };
      const ask = 'mutation($input: RequestResumeSuggestionInput!) { requestResumeSuggestion(input: $input) { suggestion { id } } }';
      const { id } = (await app.data(ask, { input }, by)).requestResumeSuggestion.suggestion;
      await waitFor(
        async () => (await app.data('query($id: ID!) { resumeSuggestion(id: $id) { state } }', { id }, by)).resumeSuggestion.state,
        (state) => state === 'DONE',
        30_000,
      );
      const give =
        'mutation($id: ID!) { giveSuggestionFeedback(input: { suggestionId: $id, isHelpful: true }) { feedback { isHelpful } } }';
      await app.data(give, { id }, by);
    };
    const publish = async (event: ReturnType<typeof createEvent>): Promise<void> => {
      await (await app.stores.bus()).publish('accounts-events', [encodeEvent(event as never)]);
    };
    const dump = async (): Promise<string> => {
      const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      const tables = [
        'resume',
        'resume_version',
        'resume_upload',
        'resume_share_link',
        'resume_group',
        'resume_understanding',
        'resume_passage',
        'resume_suggestion',
        'resume_suggestion_feedback',
        'job_posting',
        'resume_backup',
        'resume_restore',
        'resume_check',
        'task',
      ];
      const rows = await Promise.all(tables.map((table) => store.read().execute<object[]>(`select * from ${store.table(table)}`)));
      return JSON.stringify(rows);
    };

    it('files lie under a key that no name of a user leaves', async () => {
      expect(await app.keys('resumes/')).toContainEqual(
        expect.stringMatching(/^resumes\/https%3A%2F%2Fid%2Eexample%2F%2E%2E%2Fann\/[^/]+\/[^/]+\/cv\.md$/),
      );
    });

    it('are written out for an export', async () => {
      const objectPrefix = `${app.folder}exports/e1/`;
      await publish(
        createEvent(eventCatalogue['accounts.export-requested'], {
          exportId: 'e1',
          userId: ann.userId,
          objectPrefix,
          requestedAt: app.clock.now().toISOString(),
        }),
      );
      const objects = await app.stores.objects();
      const found = await waitFor(
        () => objects.get(`${objectPrefix}resumes.json`),
        (object) => object !== null,
        30_000,
      );
      const file = JSON.parse(await text(found?.body as never)) as object;
      expect(file).toMatchObject({
        suggestions: [{ jobTitle: 'Engineer', state: 'done', score: 0, result: { matched: [] }, feedback: { isHelpful: true } }],
        jobs: [{ companyId: 'acme', title: 'Engineer', text: 'Engineer\nJava', status: 'draft' }],
        resumes: [
          { id: resumeId, title: 'Ann Example, engineer', versions: [{ number: 1, fileName: 'cv.md', sizeBytes: 5 }], shareLinks: [] },
        ],
      });
    });

    it('go from record and object store when the user is erased, those of others stay; nothing can be written any more', async () => {
      const erased = createEvent(eventCatalogue['accounts.user-erased'], { userId: ann.userId, erasedAt: app.clock.now().toISOString() });
      await publish(erased);
      const left = await waitFor(
        async () => [...(await app.keys('resumes/')), ...(await app.keys('resume-uploads/'))],
        (keys) => keys.length === 1,
        30_000,
      );
      expect(left).toEqual([expect.stringMatching(/^resumes\/bob\//)]);
      await waitFor(dump, (rows) => !rows.includes('ann') && !rows.includes('Ann'), 30_000);
      expect(await app.refusal('mutation { createResume(input: { title: "Again" }) { resume { id } } }', {}, ann)).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
      expect(await app.refusal(COMPLETE, { input: { uploadId: pendingId } }, ann)).toMatchObject({ code: 'NOT_FOUND' });
      await publish(createEvent(eventCatalogue['accounts.user-erased'], { userId: admin.userId, erasedAt: app.clock.now().toISOString() }));
      await waitFor(dump, (rows) => !rows.includes('"admin"'), 30_000);
      // A job stays with its company.
      app.facts.set('cleo', { roles: [{ role: 'hr', companyId: 'acme' }] });
      expect((await app.data('{ jobs { nodes { title postedBy } } }', {}, caller('cleo'))).jobs.nodes).toEqual([
        { title: 'Engineer', postedBy: 'erased' },
      ]);
      expect((await app.data('{ resumes { nodes { versions { nodes { createdBy } } } } }', {}, bob)).resumes.nodes).toEqual([
        { versions: { nodes: [{ createdBy: 'erased' }] } },
      ]);
    });
  });
}

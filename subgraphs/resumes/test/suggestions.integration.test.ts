import { once } from 'node:events';
import { jest } from '@jest/globals';
import { createFakeChatServer, type FakeChatServer } from '@loomgraph/ai/testing';
import { LoomError } from '@loomgraph/core';
import { OutboxRow } from '@loomgraph/sync';
import { createMetrics } from '@loomgraph/telemetry';
import { pdfFile } from '@loomgraph/testing';
import { AbstractSqlConnection, type EntityManager } from '@mikro-orm/sql';
import { createConfiguredAnalyser } from '../src/adapters/configured-analyser.js';
import { cutWords } from '../src/adapters/word-cutter.js';
import { createLocalAnalyser } from '../src/domain/suggestions/local-analyser.js';
import type { SuggestionAnalyser } from '../src/domain/suggestions/suggestion-analyser.js';
import { honestModel } from './support/model-double.js';
import { admin, backends, caller, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';
import { FEEDBACK, LIST, REQUEST, SUGGESTION, TOTALS, type TestAssessment } from './support/suggestion-queries.js';

const CV = `# Ann Example
## Work experience
Acme Inc. | Backend Engineer  2019-03 - 2023-02
- Built services in Java with Kafka
## Education
University of California, Berkeley
B.S. in Computer Science  2015 - 2019
## Skills
Java, Redis`;
const JOB = 'Requirements:\r\n\r\n- 5+ years of experience with Java\n- Kafka, Redis\n- Bachelor’s degree\n- Kubernetes is a plus';
const [ann, recruiter, carl] = [caller('ann'), caller('recruiter'), caller('carl')];

const local = createLocalAnalyser({ cut: cutWords });

/** The local one, which fails where a job says so, and hangs at another until the process stops. */
function createTestAnalyser(): { readonly analyser: SuggestionAnalyser; readonly isHanging: Promise<void> } {
  const hanging = new AbortController();
  const assess: SuggestionAnalyser['assess'] = async (question, signal) => {
    const { text } = question.job;
    if (text.startsWith('Failing')) throw new Error('No.');
    if (text.startsWith('Rejected')) throw new LoomError('AI_PROVIDER_REJECTED', 'No.');
    if (text.startsWith('Hanging') && !hanging.signal.aborted) {
      hanging.abort();
      await once(signal, 'abort');
      throw signal.reason as Error;
    }
    return local.assess(question, signal);
  };
  return { analyser: { ...local, assess }, isHanging: once(hanging.signal, 'abort').then(() => undefined) };
}

async function changeRecord(app: OpenResumes, table: string, work: (em: EntityManager, table: string) => Promise<unknown>): Promise<void> {
  const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
  await store.transaction((em) => work(em, store.table(table)));
}

/** Tasks that wait to be tried again are due now, and done. */
async function hurryTasks(app: OpenResumes): Promise<void> {
  await changeRecord(app, 'task', (em, table) => em.execute(`update ${table} set due_at = 0`, [], 'run'));
  await app.settle();
}

for (const backend of backends(import.meta.filename)) {
  describe(`R2 R3 suggestions: ${backend.name}`, () => {
    const { analyser, isHanging } = createTestAnalyser();
    let app: OpenResumes;
    let resumeId: string;
    let versionId: string;
    let answered: string;
    beforeAll(async () => {
      app = await openResumes(backend, { analyser });
      resumeId = await app.createResume(ann);
      versionId = (await app.upload(ann, resumeId, markdown(CV))).version.id;
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const request = (input: object, identity = ann) =>
      app.data(REQUEST, { input: { versionId, jobTitle: 'Backend Engineer', jobDescription: JOB, locale: 'en', ...input } }, identity);
    const ask = async (input: object = {}, identity = ann): Promise<string> =>
      (await request(input, identity)).requestResumeSuggestion.suggestion.id;
    const read = async (id: string, identity = ann) => (await app.data(SUGGESTION, { id }, identity)).resumeSuggestion;
    const list = async (variables: object = {}, identity = ann) => (await app.data(LIST, { ...variables }, identity)).resumeSuggestions;
    const inRecord = (work: (em: EntityManager, table: string) => Promise<unknown>, table: string) => changeRecord(app, table, work);
    const hurry = () => hurryTasks(app);

    it('is queued, waits until the version is understood, and says what fits with the words it comes from', async () => {
      const { suggestion } = (await request({ jobTitle: 'Senior Backend\nEngineer' })).requestResumeSuggestion;
      expect(suggestion).toEqual({ id: expect.any(String), state: 'QUEUED', score: null, assessment: null });
      answered = suggestion.id;
      await app.settle();
      const found = await read(answered);
      expect(found).toMatchObject({
        userId: 'ann',
        resumeId,
        versionId,
        state: 'DONE',
        reason: null,
        analyser: 'local',
        analyserVersion: '2',
      });
      expect(found).toMatchObject({ jobTitle: 'Senior Backend Engineer', locale: 'en', feedback: null, score: found.assessment.score });
      expect(found.jobText.split('\n')).toHaveLength(6);
      const { matched, missing, advice, subScores } = found.assessment as TestAssessment;
      expect(matched.map(({ requirement, share }) => [requirement.label, share])).toEqual([
        ['the rank senior', 0.5],
        ['后端开发', 1],
        ['5 years of work', 0.8],
        ['Java', 1],
        ['Kafka', 1],
        ['Redis', 0.8],
        ["a bachelor's degree or higher", 1],
      ]);
      expect(missing.map(({ label }) => label)).toEqual(['Kubernetes']);
      expect(subScores.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
      const { text } = (await app.data('query($id: ID!) { resumeVersion(id: $id) { understanding { text } } }', { id: versionId }, ann))
        .resumeVersion.understanding;
      const claims = [...matched, ...matched.map(({ requirement }) => requirement), ...missing, ...advice];
      for (const { evidence } of claims) {
        expect(evidence.length).toBeGreaterThan(0);
        for (const { source, start, end, quote } of evidence)
          expect((source === 'JOB' ? found.jobText : text).slice(start, end)).toBe(quote);
      }
    });

    // Questions that look again by themselves would be so many statements a second, and answered a second late.
    it('a version that is looked at again is waited for, and whoever understands it wakes the question', async () => {
      const id = await ask({ jobTitle: 'Waiting' });
      await app.data('mutation($id: ID!) { understandResumeVersion(id: $id) { version { id } } }', { id: versionId }, ann);
      await app.subgraph.tasks.round();
      expect((await read(id)).state).toBe('QUEUED');
      expect(await app.subgraph.tasks.round()).toBe(true);
      expect(await app.subgraph.tasks.round()).toBe(true);
      expect(await read(id)).toMatchObject({ state: 'DONE', score: expect.any(Number) });
      expect(await app.subgraph.tasks.round()).toBe(false);
    });

    it('what cannot be answered fails with the reason, without any score', async () => {
      const scan = { fileName: 'scan.pdf', mimeType: 'application/pdf', content: pdfFile([[], []]) };
      const { version } = await app.upload(ann, resumeId, scan);
      const unread = await ask({ versionId: version.id });
      const idle = await ask({ jobDescription: 'We look for somebody nice.' });
      const failing = await ask({ jobTitle: 'Failing' });
      const rejected = await ask({ jobTitle: 'Rejected' });
      await app.settle();
      expect(await read(failing)).toMatchObject({ state: 'QUEUED' });
      for (let attempt = 0; attempt < 2; attempt += 1) await hurry();
      for (const [id, reason] of [
        [unread, 'NEEDS_OCR'],
        [idle, 'NOTHING_ASKED'],
        [failing, 'INTERNAL'],
        [rejected, 'PROVIDER'],
      ] as const)
        expect(await read(id)).toMatchObject({ state: 'FAILED', reason, score: null, assessment: null, analyser: null });
      expect((await app.refusal(FEEDBACK, { input: { suggestionId: idle, isHelpful: true } }, ann)).code).toBe('BAD_USER_INPUT');
    }, 60_000);

    it('bad input is refused with a code, and nothing is kept of it', async () => {
      const before = (await list()).totalCount;
      const refused = async (input: object, identity: typeof ann | null = ann) =>
        (await app.refusal(REQUEST, { input: { versionId, jobTitle: 'Engineer', jobDescription: JOB, ...input } }, identity)).code;
      expect(await refused({ jobDescription: 'Java '.repeat(2_000_000) })).toBe('JOB_TOO_LONG');
      // One character that is eighteen in its normal form.
      expect(await refused({ jobDescription: '\ufdfa'.repeat(30_000) })).toBe('JOB_TOO_LONG');
      for (const jobDescription of ['', ' \n\t\u200b']) expect(await refused({ jobDescription })).toBe('BAD_USER_INPUT');
      expect(await refused({ jobTitle: ' ' })).toBe('BAD_USER_INPUT');
      expect(await refused({ jobTitle: 'x'.repeat(201) })).toBe('BAD_USER_INPUT');
      expect(await refused({ locale: '<b>' })).toBe('BAD_USER_INPUT');
      expect(await refused({ versionId: 'none' })).toBe('NOT_FOUND');
      expect(await refused({}, carl)).toBe('NOT_FOUND');
      expect(await refused({}, null)).toBe('UNAUTHENTICATED');
      expect((await list()).totalCount).toBe(before);
    });

    it('lists one’s own, newest first, by filter and page; administrators see all', async () => {
      const done = await list({ filter: { state: 'DONE' }, first: 1 });
      expect(done).toMatchObject({ totalCount: 2, nodes: [{ jobTitle: 'Waiting', state: 'DONE' }], pageInfo: { hasNextPage: true } });
      const next = await list({ filter: { state: 'DONE' }, first: 1, after: done.pageInfo.endCursor });
      expect(next.nodes).toMatchObject([{ jobTitle: 'Senior Backend Engineer' }]);
      expect((await list({ filter: { jobTitleContains: 'SENIOR', minScore: 10, versionId, resumeId } })).totalCount).toBe(1);
      expect((await list({ filter: { minScore: 100 } })).totalCount).toBe(0);
      expect((await list({ filter: { createdAfter: new Date(app.clock.now().getTime() + 1_000) } })).totalCount).toBe(0);
      expect((await list({}, carl)).totalCount).toBe(0);
      expect((await list({ filter: { userId: 'ann' } }, admin)).totalCount).toBe((await list()).totalCount);
      expect(await read(answered, carl)).toBeNull();
      expect((await read(answered, admin)).score).toBeGreaterThan(0);
      expect((await app.refusal(LIST, {})).code).toBe('UNAUTHENTICATED');
    });

    it('the statements of a list do not grow with it', async () => {
      const statements = async (first: number): Promise<number> => {
        const spy = jest.spyOn(AbstractSqlConnection.prototype, 'execute');
        try {
          expect((await list({ first })).nodes).toHaveLength(first);
          return spy.mock.calls.length;
        } finally {
          spy.mockRestore();
        }
      };
      const few = await statements(2);
      expect(await statements(5)).toBe(few);
      // page, count, texts, resumes, feedback
      expect(few).toBeLessThanOrEqual(5);
    });

    it('whoever the resume is shared with may ask, and is not shown what quotes it once it is taken back', async () => {
      app.facts.set('recruiter', { groups: ['g1'] });
      const share = (name: string) => `mutation { ${name}(input: { resumeId: "${resumeId}", groupId: "g1" }) { resume { id } } }`;
      await app.data(share('shareResumeWithGroup'), {}, ann);
      const id = await ask({}, recruiter);
      await app.settle();
      expect((await read(id, recruiter)).assessment.matched.length).toBeGreaterThan(0);
      expect(await read(id)).toBeNull();
      await app.data(share('unshareResumeWithGroup'), {}, ann);
      expect(await read(id, recruiter)).toMatchObject({ state: 'DONE', assessment: null });
    });

    it('R3 feedback is one of each user, can be changed, and is counted by analyser', async () => {
      const give = async (isHelpful: boolean, comment: string, identity = ann) =>
        (await app.data(FEEDBACK, { input: { suggestionId: answered, isHelpful, comment } }, identity)).giveSuggestionFeedback.feedback;
      const first = await give(true, '很有用');
      const second = await give(false, 'On second thoughts…');
      expect([second.isHelpful, second.comment, second.createdAt]).toEqual([false, 'On second thoughts…', first.createdAt]);
      await give(true, '', admin);
      expect((await read(answered)).feedback).toEqual({ isHelpful: false, comment: 'On second thoughts…' });
      expect((await app.data(TOTALS, {}, admin)).resumeSuggestionFeedback).toEqual([
        { analyser: 'local', analyserVersion: '2', suggestions: 3, helpful: 1, unhelpful: 1 },
      ]);
      expect((await app.refusal(TOTALS, {}, ann)).code).toBe('FORBIDDEN');
      const input = { suggestionId: answered, isHelpful: true };
      expect((await app.refusal(FEEDBACK, { input }, carl)).code).toBe('NOT_FOUND');
      expect((await app.refusal(FEEDBACK, { input: { ...input, comment: 'x'.repeat(1_001) } }, ann)).code).toBe('BAD_USER_INPUT');
    });

    it('a user has fifty waiting at most; what was asked about a version goes with it', async () => {
      const own = await app.createResume(carl);
      const { version } = await app.upload(carl, own, markdown(CV));
      const first = await ask({ versionId: version.id }, carl);
      const columns = 'user_id, owner_id, resume_id, version_id, job_title, locale, state, created_at, updated_at, job_text';
      await inRecord(async (em, table) => {
        for (let copy = 2; copy <= 50; copy += 1)
          await em.execute(
            `insert into ${table} (id, ${columns}) select ?, ${columns} from ${table} where id = ?`,
            [`copy ${copy}`, first],
            'run',
          );
      }, 'resume_suggestion');
      const over = await app.refusal(REQUEST, { input: { versionId: version.id, jobTitle: 'x', jobDescription: JOB } }, carl);
      expect([over.code, over.message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('50')]);
      await app.data('mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }', { id: version.id }, carl);
      expect((await list({}, carl)).totalCount).toBe(0);
      await app.settle();
      await app.data('mutation($id: ID!) { deleteResume(id: $id) { deletedId } }', { id: resumeId }, ann);
      expect((await list({}, admin)).totalCount).toBe(0);
      expect((await app.data(TOTALS, {}, admin)).resumeSuggestionFeedback).toEqual([]);
    }, 60_000);

    it('a process that stops before it has answered gives the question back', async () => {
      const { version } = await app.upload(carl, await app.createResume(carl), markdown(CV));
      await app.settle();
      const id = await ask({ versionId: version.id, jobTitle: 'Hanging' }, carl);
      const round = app.subgraph.tasks.round();
      await isHanging;
      await app.subgraph.tasks.stop();
      await round;
      expect((await read(id, carl)).state).toBe('QUEUED');
      await app.settle();
      expect((await read(id, carl)).state).toBe('DONE');
    });
  });

  describe(`R2 suggestions by a language model: ${backend.name}`, () => {
    let provider: FakeChatServer;
    let app: OpenResumes;
    const metrics = createMetrics();
    beforeAll(async () => {
      provider = await createFakeChatServer({ apiKey: 'test', reply: honestModel(['Kafka', 'Redis', 'Event sourcing']) });
      const settings = {
        provider: { apiKey: { reveal: () => 'test' }, baseUrl: provider.url },
        analyser: { model: 'some-model', timeoutMs: 5_000 },
      };
      app = await openResumes(backend, { metrics, analyser: createConfiguredAnalyser(settings, { metrics }) });
    }, 120_000);
    afterAll(async () => {
      await app[Symbol.asyncDispose]();
      await provider.close();
    }, 60_000);

    it('is asked again while it is away, answers with quotes, and fails visibly where it stays away', async () => {
      const { version } = await app.upload(ann, await app.createResume(ann), markdown(CV));
      const ask = async (jobDescription: string): Promise<string> =>
        (await app.data(REQUEST, { input: { versionId: version.id, jobTitle: 'Backend Engineer', jobDescription, locale: 'en' } }, ann))
          .requestResumeSuggestion.suggestion.id;
      const read = async (id: string) => (await app.data(SUGGESTION, { id }, ann)).resumeSuggestion;
      provider.fail({ kind: 'status', status: 429, headers: { 'retry-after': '600' } }, { kind: 'malformed' });
      const id = await ask(`${JOB}\n- Event sourcing`);
      await app.settle();
      expect([await read(id), provider.requests.length]).toMatchObject([{ state: 'QUEUED', score: null }, 1]);
      const waits: number[] = [];
      await changeRecord(app, 'task', async (em, table) => {
        const rows = await em.execute<{ due_at: string | number }[]>(`select due_at from ${table} where kind = 'suggest'`);
        waits.push(...rows.map((row) => Number(row.due_at) - Date.now()));
      });
      expect(waits).toEqual([expect.closeTo(600_000, -5)]);
      for (let again = 0; again < 2; again += 1) await hurryTasks(app);
      const found = await read(id);
      expect(found).toMatchObject({ state: 'DONE', reason: null, analyser: 'openai', analyserVersion: 'some-model/1' });
      const { matched, missing, advice } = found.assessment as TestAssessment;
      expect(matched.map(({ requirement }) => requirement.label)).toEqual(expect.arrayContaining(['Java', 'Kafka', 'Redis']));
      expect(missing.map(({ label }) => label)).toEqual(['Event sourcing', 'Kubernetes']);
      expect(advice.map(({ text, evidence }) => [text, evidence[0]?.quote])).toEqual([['Say what you used Kafka for.', '- Kafka, Redis']]);
      expect(provider.requests).toHaveLength(3);

      provider.failAlways({ kind: 'status', status: 500 });
      const lost = await ask(JOB);
      await app.settle();
      for (let again = 0; again < 3; again += 1) await hurryTasks(app);
      expect(await read(lost)).toMatchObject({ state: 'QUEUED' });
      await hurryTasks(app);
      expect(await read(lost)).toMatchObject({ state: 'FAILED', reason: 'PROVIDER', score: null, assessment: null, analyser: null });
      expect(provider.requests).toHaveLength(8);
      const { body } = await metrics.render();
      expect(body).toContain('loom_ai_tokens_total{kind="prompt",model="some-model"} 100');
      expect(body).toContain('loom_resumes_suggestions_total{outcome="provider"} 1');
    }, 120_000);
  });
}

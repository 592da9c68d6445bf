import { createLexicalEmbedder } from '@loomgraph/ai';
import { OutboxRow, jobs as syncJobs, type CheckResult } from '@loomgraph/sync';
import { waitFor } from '@loomgraph/testing';
import { JOB_VECTORS, openJobVectors } from '../src/projections/job-vectors.js';
import { CLOSE_JOB, CREATE_JOB, PUBLISH_JOB, RECOMMEND_JOBS, RECOMMEND_RESUMES, UPDATE_JOB } from './support/job-queries.js';
import { admin, backends, caller, DIMENSIONS, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';
import { CHINESE, ENGLISH, NURSE } from './support/search-texts.js';

const WAIT_MS = 30_000;
const ann = caller('ann');
const wang = caller('wang');
const eve = caller('eve');
const rita = caller('rita');
const IN_BERLIN = ENGLISH.replace('| ann@example.com', '| ann@example.com | Berlin, DE');

interface Evidence {
  readonly source: 'RESUME' | 'JOB';
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}

for (const backend of backends(import.meta.filename)) {
  describe(`R5 recommendations: ${backend.name}`, () => {
    let app: OpenResumes;
    const resumes = { english: '', chinese: '', nurse: '' };
    const jobs = new Map<string, string>();

    beforeAll(async () => {
      app = await openResumes(backend);
      app.facts.set('rita', { roles: [{ role: 'recruiter', companyId: 'acme' }] });
      await app.subgraph.start();
      resumes.english = await resumeOf(ann, IN_BERLIN, 'Ann', 'en');
      resumes.chinese = await resumeOf(wang, CHINESE, '王小明');
      resumes.nurse = await resumeOf(eve, NURSE, 'Eve', 'en');
      const requirements = 'Requirements\nJava, Kafka, Kubernetes';
      const wanted = 'Requirements\nJava, Kafka, Terraform';
      const here = { city: 'Berlin', country: 'DE' };
      await offer('best', 'Senior Engineer', `${requirements}\nFive years of experience`, here);
      await offer('good', 'Engineer', wanted, { ...here, salary: { min: 70_000, max: 90_000, currency: 'EUR', period: 'YEAR' } });
      await offer('copy', 'Engineer', wanted, { ...here, city: 'Hamburg' });
      await offer('munich', 'Java Engineer', requirements, { city: 'Munich' });
      await offer('remote', 'Platform Engineer', 'Requirements\nKubernetes, Kafka, Rust', { workMode: 'REMOTE' });
      await offer('italian', 'Engineer for Rome', `${requirements}\nFluent Italian required`, here);
      await offer('chat', 'Easy Java job', `${requirements}\nMessage me on WhatsApp`, here);
      await offer(
        'loud',
        'Java',
        'JAVA KAFKA KUBERNETES ENGINEER WANTED BEST SALARY EVER START TODAY WITHOUT ANY INTERVIEW WHATSOEVER BECOME RICH',
        here,
      );
      await offer('chinese', '后端工程师', '任职要求：\n熟悉Redis、Spring Boot、微服务', { city: '杭州', country: 'CN' });
      await draft('draft', 'Java Engineer', requirements, here);
      await quiet();
    }, 240_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const quiet = async (): Promise<void> => expect(await app.subgraph.relay.whenQuiet(WAIT_MS)).toBe(true);
    const resumeOf = async (owner: typeof ann, text: string, title: string, language = 'zh'): Promise<string> => {
      const create = 'mutation($input: CreateResumeInput!) { createResume(input: $input) { resume { id } } }';
      const resumeId = (await app.data(create, { input: { title, language } }, owner)).createResume.resume.id as string;
      const { version } = await app.upload(owner, resumeId, markdown(text));
      const state = 'query($id: ID!) { resumeVersion(id: $id) { understanding { state } } }';
      await waitFor(
        async () => (await app.data(state, { id: version.id }, owner)).resumeVersion.understanding.state as string,
        (now) => now === 'DONE',
        WAIT_MS,
      );
      return resumeId;
    };
    const draft = async (name: string, title: string, description: string, more: object): Promise<string> => {
      const input = { companyId: 'acme', companyName: 'Acme', title, description, ...more };
      const { id } = (await app.data(CREATE_JOB, { input }, rita)).createJob.job;
      jobs.set(name, id);
      return id as string;
    };
    const offer = async (name: string, title: string, description: string, more: object = {}): Promise<void> => {
      await app.data(PUBLISH_JOB, { id: await draft(name, title, description, more) }, rita);
    };
    const nameOf = (id: string): string | undefined => [...jobs].find(([, one]) => one === id)?.[0];
    const forResume = async (by: typeof ann, id: string, more: object = {}) =>
      (await app.data(RECOMMEND_JOBS, { id, ...more }, by)).recommendJobs;
    const named = async (wishes: object = {}, more: object = {}): Promise<(string | undefined)[]> =>
      (await forResume(ann, resumes.english, { wishes, ...more })).hits.map(({ job }: { job: { id: string } }) => nameOf(job.id));
    const forJob = async (by: typeof ann, name: string, more: object = {}) =>
      (await app.data(RECOMMEND_RESUMES, { id: jobs.get(name), ...more }, by)).recommendResumes;
    const people = async (by: typeof ann, name: string, more: object = {}): Promise<string[]> =>
      (await forJob(by, name, more)).hits.map(({ resume }: { resume: { id: string } }) => resume.id);

    it('jobs for a resume: best first, what is hard limits, junk sinks; twice the same', async () => {
      const { hits } = await forResume(ann, resumes.english);
      const table = hits.map((hit: any) => [nameOf(hit.job.id), hit.score, hit.notes.map(({ kind }: { kind: string }) => kind).join()]); // eslint-disable-line
      expect(table.map(([name, , notes]: string[]) => [name, notes])).toEqual([
        ['best', 'SAME_PLACE'],
        ['remote', ''],
        ['good', 'SAME_PLACE'],
        // All at the limit: the newest first.
        ['chinese', 'ELSEWHERE'],
        ['italian', 'LANGUAGE,SAME_PLACE'],
        ['munich', 'ELSEWHERE'],
        ['loud', 'SHOUTING,SAME_PLACE'],
        ['chat', 'CHAT_CONTACT,SAME_PLACE'],
        ['copy', 'DUPLICATE,ELSEWHERE'],
      ]);
      const scores = table.map(([, score]: [string, number]) => score);
      expect(scores.slice(3)).toEqual([40, 40, 40, 5, 5, 5]);
      expect(scores.slice(0, 3).toSorted((a: number, b: number) => b - a)).toEqual(scores.slice(0, 3));
      expect(scores[2]).toBeGreaterThan(40);
      expect(await forResume(ann, resumes.english)).toEqual(await forResume(ann, resumes.english));
    });

    it('every reason quotes the texts, character for character, in the language that was asked for', async () => {
      for (const locale of ['en', 'zh']) {
        const { hits, version } = await forResume(ann, resumes.english, { locale });
        for (const { job, assessment, notes, score } of hits) {
          const texts = { JOB: job.text as string, RESUME: version.understanding.text as string };
          const evidence: Evidence[] = [
            ...assessment.matched.flatMap((one: { evidence: Evidence[]; requirement: { evidence: Evidence[] } }) => [
              ...one.evidence,
              ...one.requirement.evidence,
            ]),
            ...notes.flatMap((one: { evidence: Evidence[] }) => one.evidence),
          ];
          expect(evidence.length).toBeGreaterThan(0);
          for (const { source, start, end, quote } of evidence) expect(texts[source].slice(start, end)).toBe(quote);
          expect(score).toBeLessThanOrEqual(assessment.score);
          for (const { text } of [...notes, { text: assessment.explanation }]) expect(text).toMatch(locale === 'zh' ? /。$/ : /\.$/);
        }
      }
    });

    it.each([
      [{ remoteOnly: true }, ['remote']],
      [{ workModes: ['ONSITE'], remoteOnly: true }, []],
      [{ workModes: ['REMOTE', 'HYBRID'] }, ['remote']],
      [{ location: { city: '慕尼黑' } }, ['remote', 'munich']],
      [{ location: { country: 'DE', city: 'Hamburg' } }, ['remote', 'copy']],
      [{ location: { country: 'FR' } }, ['remote']],
      [{ minSalary: { amount: 7_500, currency: 'EUR', period: 'MONTH' } }, ['good']],
      [{ minSalary: { amount: 8_000, currency: 'EUR', period: 'MONTH' } }, []],
      [{ minSalary: { amount: 1, currency: 'CNY', period: 'MONTH' } }, []],
      [{ languages: ['en'], location: { city: 'Berlin' } }, ['best', 'remote', 'good', 'loud', 'chat']],
      [{ companyId: 'other' }, []],
    ])('wishes decide: %j', async (wishes, expected) => {
      expect(await named(wishes)).toEqual(expected);
    });

    it('a copy stands where the first is not what was wished for', async () => {
      const { hits } = await forResume(ann, resumes.english, { wishes: { location: { city: 'Hamburg' } } });
      expect(hits[1].notes.map(({ kind }: { kind: string }) => kind)).toEqual(['ELSEWHERE']);
    });

    it('pages are full and disjoint, and a cursor goes with its question', async () => {
      const whole = await named();
      const seen: (string | undefined)[] = [];
      let after: string | undefined;
      do {
        const { hits, pageInfo } = await forResume(ann, resumes.english, { first: 3, after });
        seen.push(...hits.map(({ job }: { job: { id: string } }) => nameOf(job.id)));
        expect([pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual([seen.length < whole.length, after !== undefined]);
        if (pageInfo.hasNextPage) expect(hits).toHaveLength(3);
        after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
      } while (after !== undefined);
      expect(seen).toEqual(whole);
      const { pageInfo } = await forResume(ann, resumes.english, { first: 1 });
      const other = { id: resumes.english, wishes: { remoteOnly: true }, after: pageInfo.endCursor };
      expect(await app.refusal(RECOMMEND_JOBS, other, ann)).toMatchObject({ code: 'INVALID_CURSOR' });
    });

    it('a job that is closed or changed is so at once, and leaves the vectors with the next delivery', async () => {
      await offer('brief', 'Engineer in Berlin', 'Requirements\nJava, Kafka, Kubernetes, Java', { city: 'Berlin' });
      const id = jobs.get('brief') ?? '';
      await quiet();
      expect(await named()).toContain('brief');
      const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      const { reader } = await openJobVectors({ store, stores: app.stores, embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }) });
      expect(await reader.entries([id])).toMatchObject([{ deleted: false }]);
      await app.data(UPDATE_JOB, { input: { id, city: 'Tokyo', country: 'JP' } }, rita);
      expect(await named({ location: { city: 'Berlin' } })).not.toContain('brief');
      await app.data(CLOSE_JOB, { id }, rita);
      expect(await named()).not.toContain('brief');
      await quiet();
      expect(await reader.entries([id])).toMatchObject([{ deleted: true }]);
      await app.data(PUBLISH_JOB, { id }, rita);
      await quiet();
      expect(await named({ location: { country: 'JP' } })).toContain('brief');
      await app.data(CLOSE_JOB, { id }, rita);
      await quiet();
    }, 90_000);

    it('Y3 the auditor misses no draft and no closed job, and finds what is not as it should be', async () => {
      await quiet();
      const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      const run = async (kind: 'check' | 'repair') => {
        const { id } = await syncJobs(store).create({ kind, projection: JOB_VECTORS, requestedBy: 'test' });
        const job = await waitFor(
          () => syncJobs(store).get(id),
          (one) => one?.state === 'done' || one?.state === 'failed',
          WAIT_MS,
        );
        const { missing, stale, orphan, corrupt } = (job!.result as CheckResult).projections[0]!;
        return { missing, stale, orphan, corrupt };
      };
      const none = { missing: 0, stale: 0, orphan: 0, corrupt: 0 };
      expect(await run('check')).toEqual(none);
      const { targets } = await openJobVectors({ store, stores: app.stores, embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }) });
      const content = { title: 't', text: 'planted', attributes: {}, embed: { content: 'planted' } };
      expect(await targets[0].apply([{ id: 'nobody', revision: 3, fingerprint: 'f', content }])).toEqual(['applied']);
      expect(await run('check')).toEqual({ ...none, orphan: 1 });
      await run('repair');
      await quiet();
      expect(await run('check')).toEqual(none);
    }, 90_000);

    it('resumes for a job, of those that the caller may read at that moment', async () => {
      expect(await people(admin, 'best')).toEqual([resumes.english, resumes.chinese]);
      expect(await people(admin, 'best', { minScore: 40 })).toEqual([resumes.english]);
      expect(await people(admin, 'best', { minScore: 0 })).toHaveLength(3);
      expect(await people(admin, 'chinese')).toEqual([resumes.chinese, resumes.english]);
      expect(await people(ann, 'best')).toEqual([resumes.english]);
      expect(await people(rita, 'best')).toEqual([]);
      // Recruiters of the company: one was granted the resume, one is of a group.
      const role = { role: 'recruiter', companyId: 'acme' };
      app.facts.set('carl', { roles: [role], grants: [{ type: 'resume', id: resumes.english, action: 'read' }] });
      app.facts.set('dora', { roles: [role], groups: ['recruiters'] });
      expect([await people(caller('carl'), 'best'), await people(caller('dora'), 'best')]).toEqual([[resumes.english], []]);
      const group = (name: string) => `mutation($input: ResumeGroupInput!) { ${name}(input: $input) { resume { id } } }`;
      const input = { resumeId: resumes.english, groupId: 'recruiters' };
      await app.data(group('shareResumeWithGroup'), { input }, ann);
      expect(await people(caller('dora'), 'draft')).toEqual([resumes.english]);
      await app.data(group('unshareResumeWithGroup'), { input }, ann);
      expect(await people(caller('dora'), 'draft')).toEqual([]);
    });

    it.each([
      [{ skills: ['k8s'] }, 1],
      [{ skills: ['k8s', 'Rust'] }, 0],
      [{ minYears: 5 }, 2],
      [{ minYears: 90 }, 0],
      [{ languages: ['fr'] }, 1],
      [{ languages: ['it'] }, 0],
      [{ location: { country: 'DE' } }, 1],
      [{ location: { city: 'Munich' } }, 0],
    ])('wishes of a resume decide: %j', async (wishes, count) => {
      expect(await people(admin, 'best', { wishes })).toHaveLength(count);
    });

    it('pages of resumes are full although others fit better', async () => {
      const paul = caller('paul');
      for (let n = 0; n < 4; n += 1) await resumeOf(paul, `# Paul ${n}\n\n## Skills\n\nKafka, Excel, Figma`, `P${n}`);
      for (let n = 0; n < 3; n += 1) await resumeOf(ann, ENGLISH, `A${n}`);
      await quiet();
      const first = await forJob(paul, 'best', { first: 3 });
      const second = await forJob(paul, 'best', { first: 3, after: first.pageInfo.endCursor });
      expect([first.hits.length, second.hits.length, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([3, 1, true, false]);
      const ids = [...first.hits, ...second.hits].map(({ resume }: { resume: { id: string } }) => resume.id);
      expect(new Set(ids).size).toBe(4);
      expect((await people(admin, 'best')).slice(0, 4)).not.toEqual(expect.arrayContaining(ids));
    }, 120_000);

    it('says why it cannot', async () => {
      const empty = await app.createResume(ann);
      expect(await app.refusal(RECOMMEND_JOBS, { id: empty }, ann)).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining('no version that is understood'),
      });
      expect(await app.refusal(RECOMMEND_JOBS, { id: resumes.english }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await app.refusal(RECOMMEND_JOBS, { id: resumes.english }, wang)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await app.refusal(RECOMMEND_RESUMES, { id: jobs.get('draft') }, ann)).toMatchObject({ code: 'NOT_FOUND' });
      for (const [more, code] of [
        [{ first: 101 }, 'PAGE_LIMIT_EXCEEDED'],
        [{ first: -1 }, 'BAD_USER_INPUT'],
        [{ after: 'none' }, 'INVALID_CURSOR'],
        [{ minScore: 101 }, 'BAD_USER_INPUT'],
        [{ locale: '<b>' }, 'BAD_USER_INPUT'],
        [{ wishes: { location: {} } }, 'BAD_USER_INPUT'],
        [{ wishes: { location: { country: 'Germany' } } }, 'BAD_USER_INPUT'],
        [{ wishes: { minSalary: { amount: -1, currency: 'EUR', period: 'YEAR' } } }, 'BAD_USER_INPUT'],
        [{ wishes: { languages: ['English'] } }, 'BAD_USER_INPUT'],
      ] as const)
        expect(await app.refusal(RECOMMEND_JOBS, { id: resumes.english, ...more }, ann)).toMatchObject({ code });
    });
  });
}

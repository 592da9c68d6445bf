import { enqueueTask, OutboxRow } from '@loomgraph/sync';
import { READ_JOBS } from '../src/adapters/read-jobs.js';
import { READING } from '../src/domain/jobs/read-posting.js';
import { CLOSE_JOB, CREATE_JOB, DELETE_JOB, JOB_BY_ID, JOBS, PUBLISH_JOB, UPDATE_JOB } from './support/job-queries.js';
import { admin, backends, caller, openResumes, type OpenResumes } from './support/open-resumes.js';

const rita = caller('rita');
const ann = caller('ann');
const eve = caller('eve');
const DAY_MS = 86_400_000;
const input = {
  companyId: 'acme',
  companyName: 'Acme',
  title: '高级 Java 工程师',
  description: '任职要求：\n五年以上经验，精通Java，熟悉Kafka者优先\n英语流利',
  city: '杭州',
  country: 'CN',
  workMode: 'HYBRID',
  salary: { min: 30_000, max: 50_000, currency: 'CNY', period: 'MONTH' },
};

for (const backend of backends(import.meta.filename)) {
  describe(`R5 jobs: ${backend.name}`, () => {
    let app: OpenResumes;
    beforeAll(async () => {
      app = await openResumes(backend);
      app.facts.set('rita', { roles: [{ role: 'recruiter', companyId: 'acme' }] });
      app.facts.set('vera', { roles: [{ role: 'viewer', companyId: 'acme' }] });
      app.facts.set('hal', { roles: [{ role: 'hr', companyId: 'acme' }] });
      app.facts.set('eve', { roles: [{ role: 'recruiter', companyId: 'other' }] });
    }, 180_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const create = async (more: object = {}) => (await app.data(CREATE_JOB, { input: { ...input, ...more } }, rita)).createJob.job;
    const publish = async (id: string) => (await app.data(PUBLISH_JOB, { id }, rita)).publishJob.job;
    const seen = async (id: string, by: typeof ann | null) => (await app.data(JOB_BY_ID, { id }, by)).job !== null;
    const list = async (filter: object, by: typeof ann | null = null, more: object = {}) =>
      (await app.data(JOBS, { filter, ...more }, by)).jobs;
    const count = async (): Promise<number> => (await list({}, admin)).totalCount;

    it('one is written as a draft, with what was understood of it', async () => {
      const job = await create();
      const { description: _, ...fields } = input;
      expect(job).toMatchObject({
        ...fields,
        text: '高级 Java 工程师\n任职要求:\n五年以上经验,精通Java,熟悉Kafka者优先\n英语流利',
        status: 'DRAFT',
        postedAt: null,
        expiresAt: null,
        revision: 1,
        postedBy: 'rita',
      });
      expect(job.requirements).toEqual([
        { kind: 'SENIORITY', importance: 'REQUIRED', label: 'the rank senior' },
        { kind: 'SKILL', importance: 'REQUIRED', label: 'Java' },
        { kind: 'YEARS', importance: 'REQUIRED', label: '5 years of work' },
        { kind: 'LANGUAGE', importance: 'REQUIRED', label: 'English (流利)' },
        { kind: 'SKILL', importance: 'PREFERRED', label: 'Kafka' },
      ]);
    });

    it('a draft is for its company and administrators; what is published, for everybody', async () => {
      const { id } = await create();
      const everybody = [null, ann, eve, caller('vera'), rita, admin] as const;
      const who = () => Promise.all(everybody.map((by) => seen(id, by)));
      expect(await who()).toEqual([false, false, false, true, true, true]);
      const listed = async () => Promise.all(everybody.map(async (by) => (await list({ ids: [id] }, by)).totalCount));
      expect(await listed()).toEqual([0, 0, 0, 1, 1, 1]);
      expect(await publish(id)).toMatchObject({ status: 'PUBLISHED', revision: 2, postedAt: expect.any(String) });
      expect([await who(), await listed()]).toEqual([Array(6).fill(true), Array(6).fill(1)]);
      expect((await app.data(JOB_BY_ID, { id }, ann)).job.postedBy).toBeNull();
      await app.data(CLOSE_JOB, { id }, rita);
      expect([await who(), await listed()]).toEqual([
        [false, false, false, true, true, true],
        [0, 0, 0, 1, 1, 1],
      ]);
    });

    it('publishing again makes it no newer; what has expired is not shown, and cannot be published', async () => {
      const { id } = await create({ expiresAt: new Date(app.clock.now().getTime() + DAY_MS).toISOString() });
      const { postedAt } = await publish(id);
      app.clock.advance(1_000);
      await app.data(CLOSE_JOB, { id }, rita);
      expect((await publish(id)).postedAt).toBe(postedAt);
      expect([await seen(id, ann), (await list({ ids: [id] })).totalCount]).toEqual([true, 1]);
      app.clock.advance(2 * DAY_MS);
      expect([await seen(id, ann), await seen(id, rita), (await list({ ids: [id] })).totalCount]).toEqual([false, true, 0]);
      await app.data(CLOSE_JOB, { id }, rita);
      expect(await app.refusal(PUBLISH_JOB, { id }, rita)).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect((await app.data(UPDATE_JOB, { input: { id, expiresAt: null } }, rita)).updateJob.job.expiresAt).toBeNull();
      expect((await publish(id)).status).toBe('PUBLISHED');
    });

    it('who may do what: by role in its company', async () => {
      expect(await app.refusal(CREATE_JOB, { input }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
      for (const by of [ann, eve, caller('vera')])
        expect(await app.refusal(CREATE_JOB, { input }, by)).toMatchObject({ code: 'FORBIDDEN' });
      const { id } = await create();
      // Who may not see a draft does not learn of it.
      for (const [operation, variables] of [
        [UPDATE_JOB, { input: { id, title: 'Theirs' } }],
        [PUBLISH_JOB, { id }],
        [CLOSE_JOB, { id }],
        [DELETE_JOB, { id }],
      ] as const) {
        expect(await app.refusal(operation, variables, eve)).toMatchObject({ code: 'NOT_FOUND' });
        expect(await app.refusal(operation, variables, caller('vera'))).toMatchObject({ code: 'FORBIDDEN' });
      }
      await publish(id);
      expect(await app.refusal(UPDATE_JOB, { input: { id, title: 'Theirs' } }, eve)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await app.refusal(DELETE_JOB, { id }, rita)).toMatchObject({ code: 'FORBIDDEN' });
      await app.data(DELETE_JOB, { id }, caller('hal'));
      expect(await app.refusal(DELETE_JOB, { id }, admin)).toMatchObject({ code: 'NOT_FOUND' });
    });

    it('changes what is given, takes away what is null, and nothing raises no revision', async () => {
      const { id } = await create();
      const update = async (changes: object) => (await app.data(UPDATE_JOB, { input: { id, ...changes } }, rita)).updateJob.job;
      expect(await update({ title: input.title, description: input.description, salary: input.salary })).toMatchObject({ revision: 1 });
      expect(await update({ title: 'Go 工程师', salary: null, city: null })).toMatchObject({
        title: 'Go 工程师',
        text: expect.stringMatching(/^Go 工程师\n任职要求/),
        salary: null,
        city: null,
        country: 'CN',
        revision: 2,
      });
      const read = await app.data('query($id: ID!) { job(id: $id) { requirements(locale: "en") { label } } }', { id }, rita);
      expect(read.job.requirements).toContainEqual({ label: 'Go' });
      const stale = { input: { id, title: 'X', expectedRevision: 1 } };
      expect(await app.refusal(UPDATE_JOB, stale, rita)).toMatchObject({ code: 'CONFLICT' });
    });

    it.each([
      [{ title: '<script>alert(1)</script>' }, 'BAD_USER_INPUT'],
      [{ companyName: '<b>Acme</b>' }, 'BAD_USER_INPUT'],
      [{ city: 'Ber\u202Elin' }, 'BAD_USER_INPUT'],
      [{ title: 'x'.repeat(201) }, 'BAD_USER_INPUT'],
      [{ title: 'a\u0000b' }, 'BAD_USER_INPUT'],
      [{ companyId: '../acme' }, 'BAD_USER_INPUT'],
      [{ description: 'Java '.repeat(2_000_000) }, 'JOB_TOO_LONG'],
      [{ description: ' \n ' }, 'BAD_USER_INPUT'],
      [{ salary: { min: 2, max: 1, currency: 'CNY', period: 'MONTH' } }, 'BAD_USER_INPUT'],
      [{ country: 'China' }, 'BAD_USER_INPUT'],
    ])('bad input is refused with a code, and nothing of it is stored: %#', async (change, code) => {
      const before = await count();
      const { id } = (await list({ companyId: 'acme' }, rita)).nodes[0];
      const kept = (await app.data(JOB_BY_ID, { id }, rita)).job;
      expect(await app.refusal(CREATE_JOB, { input: { ...input, ...change } }, admin)).toMatchObject({ code });
      if (!('companyId' in change)) expect(await app.refusal(UPDATE_JOB, { input: { id, ...change } }, rita)).toMatchObject({ code });
      expect([await count(), (await app.data(JOB_BY_ID, { id }, rita)).job]).toEqual([before, kept]);
    });

    it('lists by filters, in pages, in an order', async () => {
      for (const n of [1, 2, 3, 4, 5])
        await publish(
          (await create({ title: `Listed 100% ${n}`, workMode: n === 5 ? 'REMOTE' : 'ONSITE', city: n > 3 ? 'Berlin' : '上海' })).id,
        );
      const titles = async (filter: object, more: object = {}) =>
        (await list({ titleContains: 'listed 100%', ...filter }, null, more)).nodes
          .map(({ title }: { title: string }) => title.at(-1))
          .join('');
      const orderBy = { field: 'TITLE', direction: 'ASC' };
      expect(await titles({}, { orderBy })).toBe('12345');
      expect(await titles({})).toHaveLength(5);
      expect(await titles({ city: 'berl' }, { orderBy })).toBe('45');
      expect(await titles({ workMode: 'REMOTE' })).toBe('5');
      expect(await titles({ country: 'DE' })).toBe('');
      expect(await titles({ status: 'DRAFT' })).toBe('');
      expect(await titles({ companyId: 'acme', updatedAfter: '2001-01-01T00:00:00Z' }, { orderBy })).toBe('12345');
      const first = await list({ titleContains: 'listed' }, null, { orderBy, first: 2 });
      expect(await titles({}, { orderBy, first: 2, after: first.pageInfo.endCursor })).toBe('34');
      const wrong = { filter: {}, after: first.pageInfo.endCursor };
      expect(await app.refusal(JOBS, wrong, null)).toMatchObject({ code: 'INVALID_CURSOR' });
    });

    it('is read again where another release of the rules has read it', async () => {
      const { id } = await create();
      const store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      const table = store.table('job_posting');
      await store.transaction(async (em) => {
        await em.execute(
          `update ${table} set reading_version = '0', reading = '{"version":"0","requirements":[],"junk":[],"textHash":""}' where id = ?`,
          [id],
          'run',
        );
        await enqueueTask(store, em, { kind: READ_JOBS, key: 'outdated' });
      });
      await app.settle();
      const [row] = await store.read().execute<{ version: string }[]>(`select reading_version as version from ${table} where id = ?`, [id]);
      const { job } = await app.data('query($id: ID!) { job(id: $id) { revision requirements { label } } }', { id }, rita);
      expect([row?.version, job.requirements.length, job.revision]).toEqual([READING, 5, 2]);
    });

    it('is an entity: a reference is no way around who may see it', async () => {
      const { id } = await create();
      const ask = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Job { title } } }';
      const of = [
        { __typename: 'Job', id },
        { __typename: 'Job', id: 'none' },
      ];
      expect((await app.data(ask, { of }, rita))._entities).toEqual([{ title: input.title }, null]);
      expect((await app.data(ask, { of }, ann))._entities).toEqual([null, null]);
    });
  });
}

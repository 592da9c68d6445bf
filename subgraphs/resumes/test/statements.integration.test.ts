import { jest } from '@jest/globals';
import { AbstractSqlConnection } from '@mikro-orm/sql';
import { CREATE_JOB, PUBLISH_JOB } from './support/job-queries.js';
import { admin, caller, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';

interface Answer {
  readonly jobs: { readonly nodes: readonly unknown[] };
  readonly recommendJobs: { readonly hits: readonly unknown[] };
  readonly recommendResumes: { readonly hits: readonly unknown[] };
  readonly resumes: { readonly nodes: readonly unknown[] };
  readonly searchResumes: { readonly hits: readonly unknown[] };
}

describe('R1 no list costs more than a fixed number of statements', () => {
  let app: OpenResumes;
  const ann = caller('ann');
  let [jobId, resumeId] = ['', ''];
  beforeAll(async () => {
    app = await openResumes();
    for (let index = 0; index < 12; index += 1)
      await app.upload(
        ann,
        await app.createResume(ann, `R${index}`),
        markdown(`# ${index}\n\n## Summary\n\nBuilds bridges.\n\n## Skills\n\nJava, Kafka`),
      );
    for (let index = 0; index < 12; index += 1) {
      const input = { companyId: 'acme', companyName: 'Acme', title: `Engineer ${index}`, description: 'Java and Kafka required' };
      const { id } = (await app.data(CREATE_JOB, { input }, admin)).createJob.job;
      await app.data(PUBLISH_JOB, { id }, admin);
      jobId = id as string;
    }
    [{ id: resumeId }] = (await app.data('{ resumes(first: 1) { nodes { id } } }', {}, ann)).resumes.nodes;
    await app.settle();
    const { relay } = app.subgraph;
    await relay.start();
    expect(await relay.whenQuiet(60_000)).toBe(true);
    // What runs in the background would be counted.
    await relay.stop();
  }, 240_000);
  afterAll(() => app[Symbol.asyncDispose](), 60_000);

  /** How many there are for a query of so many nodes. */
  const statements = async (query: string, first: number, nodesOf: (data: Answer) => readonly unknown[]): Promise<number> => {
    const spy = jest.spyOn(AbstractSqlConnection.prototype, 'execute');
    try {
      expect(nodesOf(await app.data(query, { first, jobId, resumeId }, ann))).toHaveLength(first);
      return spy.mock.calls.length;
    } finally {
      spy.mockRestore();
    }
  };

  it('12 resumes with their newest versions, links and groups take as many as 2', async () => {
    const query = `query($first: Int!) { resumes(first: $first) { totalCount nodes {
      title versionCount latestVersion { fileName download { url } resume { id } } shareLinks { id } sharedWithGroups } } }`;
    const few = await statements(query, 2, ({ resumes }) => resumes.nodes);
    expect(await statements(query, 12, ({ resumes }) => resumes.nodes)).toBe(few);
    // page, count, versions counted, newest versions, resumes of versions, links, groups
    expect(few).toBeLessThanOrEqual(7);
  });

  it('R4 12 resumes that a search finds take as many as 2', async () => {
    const query = `query($first: Int!) { searchResumes(query: "bridges", mode: TEXT, first: $first) {
      hits { section snippet { text } resume { title sharedWithGroups } version { fileName understanding { textLanguage } } } } }`;
    const few = await statements(query, 2, ({ searchResumes }) => searchResumes.hits);
    // Which version of the vectors serves is looked up once a second.
    expect(await statements(query, 12, ({ searchResumes }) => searchResumes.hits)).toBeLessThanOrEqual(few + 1);
    // the resumes that may be read, passages, resumes, versions, texts, groups, understandings, the version that serves
    expect(few).toBeLessThanOrEqual(8);
  });

  it('R5 12 jobs with what they ask for take as many as 2', async () => {
    const query = 'query($first: Int!) { jobs(first: $first) { totalCount nodes { title text postedBy requirements { label } } } }';
    const few = await statements(query, 2, ({ jobs }) => jobs.nodes);
    expect(await statements(query, 12, ({ jobs }) => jobs.nodes)).toBe(few);
    // page, count, texts
    expect(few).toBeLessThanOrEqual(3);
  });

  it('R5 12 recommendations take as many as 2', async () => {
    const why = 'score assessment { matched { requirement { label } } } notes { text }';
    const jobs = `query($first: Int!, $resumeId: ID!) { recommendJobs(resumeId: $resumeId, first: $first) { hits { job { title text } ${why} } } }`;
    const fewJobs = await statements(jobs, 2, ({ recommendJobs }) => recommendJobs.hits);
    expect(await statements(jobs, 12, ({ recommendJobs }) => recommendJobs.hits)).toBeLessThanOrEqual(fewJobs + 1);
    // resume, its version that is understood, that, what it says, two rankings, jobs, what they ask for, texts, the version that serves
    expect(fewJobs).toBeLessThanOrEqual(10);
    const resumes = `query($first: Int!, $jobId: ID!) { recommendResumes(jobId: $jobId, first: $first) { hits { resume { title } version { fileName } ${why} } } }`;
    const fewResumes = await statements(resumes, 2, ({ recommendResumes }) => recommendResumes.hits);
    expect(await statements(resumes, 12, ({ recommendResumes }) => recommendResumes.hits)).toBeLessThanOrEqual(fewResumes + 1);
    // job, what it asks for, resumes that may be read, two rankings, passages of each, versions, what they say, resumes, the version that serves
    expect(fewResumes).toBeLessThanOrEqual(11);
  });
});

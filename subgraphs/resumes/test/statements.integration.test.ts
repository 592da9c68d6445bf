import { jest } from '@jest/globals';
import { AbstractSqlConnection } from '@mikro-orm/sql';
import { caller, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';

interface Answer {
  readonly resumes: { readonly nodes: readonly unknown[] };
  readonly searchResumes: { readonly hits: readonly unknown[] };
}

describe('R1 no list costs more than a fixed number of statements', () => {
  let app: OpenResumes;
  const ann = caller('ann');
  beforeAll(async () => {
    app = await openResumes();
    for (let index = 0; index < 12; index += 1)
      await app.upload(ann, await app.createResume(ann, `R${index}`), markdown(`# ${index}\n\n## Summary\n\nBuilds bridges.`));
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
      expect(nodesOf(await app.data(query, { first }, ann))).toHaveLength(first);
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
});

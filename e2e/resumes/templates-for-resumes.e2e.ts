import { waitFor } from '@loomgraph/testing';
import { admin, deploy, type Caller, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';

const CREATE_RESUME = 'mutation($input: CreateResumeInput!) { createResume(input: $input) { resume { id } } }';
const REQUEST = `mutation($input: RequestResumeUploadInput!) { requestResumeUpload(input: $input) { upload { id url headers { name value } } } }`;
const COMPLETE = 'mutation($input: CompleteResumeUploadInput!) { completeResumeUpload(input: $input) { version { id } } }';
const CREATE_CATEGORY = 'mutation { createTemplateCategory(input: { slug: "resumes", name: "Resumes" }) { category { id } } }';
const CREATE_TEMPLATE = 'mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
const RECOMMENDED = `query($id: ID!, $locale: String! = "zh", $sameLanguage: Boolean! = false, $first: Int! = 10, $offset: Int! = 0) { resume(id: $id) { title
  recommendedTemplates(locale: $locale, sameLanguage: $sameLanguage, first: $first, offset: $offset) { score template { id name category { name } } reasons { kind text quote } } } }`;
const RESUME = {
  basics: { name: '王小明' },
  work: [
    { name: '某科技有限公司', position: '高级后端工程师', startDate: '2018-01', endDate: '2024-01', highlights: ['使用Java开发支付系统'] },
  ],
  skills: [{ name: 'Backend', keywords: ['Java', 'DevOps'] }],
};

describe.each(deployments())('R5 templates for a resume through the gateway: $name', (deployment) => {
  let app: RunningDeployment;
  let resumeId: string;
  const owner: Caller = { userId: 'wang' };
  const ids = new Map<string, string>();

  beforeAll(async () => {
    app = await deploy(deployment);
    const categoryId = (await app.data(CREATE_CATEGORY, {}, admin)).createTemplateCategory.category.id as string;
    for (const [name, tags, language, experienceLevel] of [
      ['后端工程师简历', ['后端', '互联网'], 'zh', 'senior'],
      ['SRE Resume', ['devops', 'platform'], 'en', 'senior'],
      ['Java 开发简历', ['java'], 'zh', 'junior'],
      ['护士简历', ['护士'], 'zh', 'senior'],
    ] as const) {
      const input = { name, tags, language, experienceLevel, categoryId, description: 'Java 后端 devops', content: '# {{name}}' };
      ids.set(name, (await app.data(CREATE_TEMPLATE, { input }, admin)).createTemplate.template.id);
    }
    resumeId = (await app.data(CREATE_RESUME, { input: { title: '后端工程师', language: 'zh' } }, owner)).createResume.resume.id;
  }, 150_000);
  afterAll(() => app?.[Symbol.asyncDispose](), 60_000);

  /** The process that is tested took a free port; an object store of its own is where it says. */
  const reachable = (url: string): string => {
    const { pathname, search } = new URL(url);
    return pathname.startsWith('/objects/') ? `${app.url}${pathname}${search}` : url;
  };
  const recommended = async (more: object = {}, by = owner) =>
    (await app.data(RECOMMENDED, { id: resumeId, ...more }, by)).resume?.recommendedTemplates;

  it('none while nothing in it is understood', async () => {
    expect(await recommended()).toEqual([]);
  });

  it('the templates subgraph recommends by what the resumes subgraph says of it, with reasons in its words', async () => {
    const file = Buffer.from(JSON.stringify(RESUME));
    const input = { resumeId, fileName: '简历.json', mimeType: 'application/json', sizeBytes: file.byteLength };
    const { id, url, headers } = (await app.data(REQUEST, { input }, owner)).requestResumeUpload.upload;
    const sent = Object.fromEntries(headers.map(({ name, value }: { name: string; value: string }) => [name, value]));
    await (await fetch(reachable(url), { method: 'PUT', body: file, headers: sent })).arrayBuffer();
    await app.data(COMPLETE, { input: { uploadId: id } }, owner);
    const hits = await waitFor(
      () => recommended(),
      (found) => found.length === 3,
      30_000,
    );
    expect(hits.map(({ template, score }: { template: { id: string }; score: number }) => [template.id, score])).toEqual([
      [ids.get('后端工程师简历'), 100],
      [ids.get('SRE Resume'), 40],
      [ids.get('Java 开发简历'), 28],
    ]);
    expect(hits[0]).toMatchObject({
      template: { name: '后端工程师简历', category: { name: 'Resumes' } },
      reasons: [{ kind: 'POSITION', text: expect.stringContaining('相符'), quote: '高级后端工程师' }, { kind: 'SKILL' }, { kind: 'LEVEL' }],
    });
    expect(hits[1].reasons.map(({ kind }: { kind: string }) => kind)).toEqual(['SKILL', 'LEVEL', 'LANGUAGE']);
    expect(await recommended()).toEqual(hits);
  });

  it('in pages, and in one language where that is asked for', async () => {
    const names = async (more: object) => (await recommended(more)).map(({ template }: { template: { name: string } }) => template.name);
    expect(await names({ sameLanguage: true })).toEqual(['后端工程师简历', 'Java 开发简历']);
    expect(await names({ first: 2 })).toEqual(['后端工程师简历', 'SRE Resume']);
    expect(await names({ first: 2, offset: 2 })).toEqual(['Java 开发简历']);
  });

  it('nobody else learns by it what a resume says', async () => {
    expect(await recommended({}, { userId: 'eve' })).toBeUndefined();
    const { data } = await app.send(RECOMMENDED, { id: resumeId });
    expect(data.resume).toBeNull();
  });
});

import { waitFor } from '@loomgraph/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { signDevelopmentToken } from '@loomgraph/auth';
import { deploy, SECRET, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';

const FILE_NAME = '王小明-简历.md';
const FILE = '# 王小明\n\n后端工程师\n\n## 技能\n\nJava, Kafka\n';
const JOB = { jobTitle: '后端工程师', jobDescription: '精通Java。熟悉Rust者优先。' };

// The subgraph runs in the gateway's process either way.
describe.each(deployments().filter(({ remote }) => !remote))('R7 resumes by REST: $name', (deployment) => {
  let app: RunningDeployment;
  let token: string;
  let resumeId: string;
  let versionId: string;

  beforeAll(async () => {
    app = await deploy(deployment, { RESUME_MAX_FILE_SIZE: '2kb', PUBLIC_URL: 'http://careers.test', CORS_ORIGINS: 'https://app.test' });
    token = await signDevelopmentToken({ secret: SECRET, userId: 'wang', roles: [] });
  }, 150_000);
  afterAll(() => app?.[Symbol.asyncDispose](), 60_000);

  const call = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, headers: response.headers, type, body: (type.includes('json') ? JSON.parse(text) : text) as any }; // eslint-disable-line -- what a scenario asked for, it reads
  };
  const form = (
    fields: Record<string, string>,
    file: string | Uint8Array<ArrayBuffer> = FILE,
    name = FILE_NAME,
    type = 'text/markdown',
  ) => {
    const parts = new FormData();
    for (const [field, value] of Object.entries(fields)) parts.append(field, value);
    parts.append('file', new Blob([file], { type }), name);
    return parts;
  };

  it('makes a resume of a file, whose name and content come back by a redirect', async () => {
    const made = await call('POST', '/api/resumes', form({ comment: 'erste' }));
    expect(made.body).toMatchObject({
      title: '王小明-简历',
      language: 'zh',
      userId: 'wang',
      versionCount: 1,
      latestVersion: { number: 1, fileName: FILE_NAME, mimeType: 'text/markdown', comment: 'erste' },
    });
    expect(made.status).toBe(201);
    resumeId = made.body.id;
    versionId = made.body.latestVersion.id;
    const file = await call('GET', `/api/files/${versionId}`);
    expect(file.status).toBe(302);
    const location = file.headers.get('location') ?? '';
    const fetched = await fetch(location.replace('http://careers.test', app.url));
    expect(await fetched.text()).toBe(FILE);
    expect(fetched.headers.get('content-disposition')).toContain(encodeURIComponent(FILE_NAME));
  });

  it('lists what the graph lists, with its filters, orders and pages', async () => {
    const other = await call('POST', '/api/resumes', { title: 'Data engineer', language: 'en' });
    expect([other.status, other.body.latestVersion]).toEqual([201, null]);
    const first = await call('GET', '/api/resumes?orderBy=TITLE&direction=ASC&first=1');
    expect(first.body.nodes.map(({ title }: { title: string }) => title)).toEqual(['Data engineer']);
    expect(first.body).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    const next = await call('GET', `/api/resumes?orderBy=TITLE&direction=ASC&first=1&after=${first.body.pageInfo.endCursor}`);
    expect(next.body.nodes.map(({ id }: { id: string }) => id)).toEqual([resumeId]);
    expect((await call('GET', '/api/resumes?hasVersion=true')).body.totalCount).toBe(1);
    expect((await call('GET', `/api/resumes/${resumeId}`)).body).toMatchObject({ id: resumeId, title: '王小明-简历' });
    expect((await call('DELETE', `/api/resumes/${other.body.id}`)).status).toBe(204);
    expect((await call('GET', `/api/resumes/${other.body.id}`)).status).toBe(404);
  });

  it('adds versions, and deletes them', async () => {
    const added = await call('POST', `/api/resumes/${resumeId}/versions`, form({}, 'Zweite Fassung', 'second.txt', 'text/plain'));
    expect([added.status, added.body.number, added.body.fileName]).toEqual([201, 2, 'second.txt']);
    const listed = await call('GET', `/api/resumes/${resumeId}/versions?first=5`);
    expect(listed.body.nodes.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    expect((await call('DELETE', `/api/files/${added.body.id}`)).status).toBe(204);
    expect((await call('GET', `/api/files/${added.body.id}`)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await call('GET', `/api/resumes/${resumeId}/versions`)).body.totalCount).toBe(1);
  });

  it('asks how it fits a job, and takes what is said of the answer', async () => {
    const asked = await call('POST', '/api/suggestions', { versionId, ...JOB });
    expect([asked.status, asked.body.state]).toEqual([202, 'QUEUED']);
    const list = async () => (await call('GET', `/api/suggestions?versionId=${versionId}`)).body.nodes[0];
    const suggestion = await waitFor(list, ({ state }) => state !== 'QUEUED', 30_000);
    expect(suggestion).toMatchObject({ state: 'DONE', assessment: { missing: [{ label: 'Rust' }] } });
    expect(suggestion.score).toBeGreaterThan(0);
    const feedback = await call('POST', `/api/suggestions/${suggestion.id}/feedback`, { isHelpful: true, comment: '有用' });
    expect([feedback.status, feedback.body]).toEqual([200, expect.objectContaining({ isHelpful: true, comment: '有用' })]);
    expect((await list()).feedback).toMatchObject({ comment: '有用' });
    expect((await call('POST', '/api/suggestions', { versionId, ...JOB, jobDescription: 'Java '.repeat(30_000) })).status).toBe(413);
  });

  it('keeps nothing of a file that is refused, and says why by a status and a code', async () => {
    const before = (await call('GET', '/api/resumes')).body.totalCount;
    const refused = [
      await call('POST', '/api/resumes', form({}, 'x'.repeat(3_000))),
      await call('POST', '/api/resumes', form({}, 'no PDF', 'a.pdf', 'application/pdf')),
      await call('POST', '/api/resumes', form({}, '', 'a.txt', 'text/plain')),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [413, 'REQUEST_TOO_LARGE'],
      [415, 'FILE_REFUSED'],
      [422, 'FILE_REFUSED'],
    ]);
    expect(refused.every(({ type }) => type.startsWith('application/problem+json'))).toBe(true);
    expect((await call('GET', '/api/resumes')).body.totalCount).toBe(before);
  });

  it.each([
    ['who does not say who they are', 'GET', '/api/resumes', undefined, {}, 401, 'UNAUTHENTICATED'],
    ['a token that is none', 'GET', '/api/resumes', undefined, { authorization: 'Bearer x' }, 401, 'UNAUTHENTICATED'],
    ['a parameter it does not know', 'GET', '/api/resumes?limit=5', undefined, undefined, 400, 'BAD_REQUEST'],
    ['a parameter of another type', 'GET', '/api/resumes?first=many', undefined, undefined, 400, 'BAD_USER_INPUT'],
    ['a parameter twice', 'GET', '/api/resumes?first=1&first=2', undefined, undefined, 400, 'BAD_REQUEST'],
    ['a page that is too long', 'GET', '/api/resumes?first=1000', undefined, undefined, 400, 'PAGE_LIMIT_EXCEEDED'],
    ['a field it does not know', 'POST', '/api/resumes', { title: 'a', owner: 'b' }, undefined, 400, 'BAD_REQUEST'],
    ['a field of another type', 'POST', '/api/resumes', { title: 5 }, undefined, 400, 'BAD_USER_INPUT'],
    ['a body that is no object', 'POST', '/api/resumes', [], undefined, 400, 'BAD_REQUEST'],
    ['JSON where a file is needed', 'POST', '/api/resumes/x/versions', {}, undefined, 415, 'BAD_REQUEST'],
    ['an id that is none', 'DELETE', '/api/resumes/none', undefined, undefined, 404, 'NOT_FOUND'],
    ['a path that is none', 'GET', '/api/resumes/a/b', undefined, undefined, 404, undefined],
  ] as const)('refuses %s', async (_what, method, path, body, headers, status, code) => {
    const answer = await call(method, path, body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (code !== undefined)
      expect(answer.body).toMatchObject({ detail: expect.any(String), requestId: answer.headers.get('x-request-id') });
  });

  it('keeps files of strangers out before it reads them, and lets allowed pages ask', async () => {
    const answer = await call('POST', '/api/resumes', form({}), {});
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    const preflight = { origin: 'https://app.test', 'access-control-request-method': 'DELETE' };
    const { status, headers } = await call('OPTIONS', `/api/files/${versionId}`, undefined, preflight);
    expect([status, headers.get('access-control-allow-methods'), headers.get('access-control-allow-origin')]).toEqual([
      204,
      'GET, POST, DELETE',
      'https://app.test',
    ]);
  });

  it('describes itself by OpenAPI 3.1, with exactly these routes, and has a page to read it', async () => {
    const { body: description } = await call('GET', '/api/openapi.json', undefined, {});
    const validated = await new Validator().validate(structuredClone(description));
    expect([validated.errors, validated.valid]).toEqual([undefined, true]);
    expect(description.openapi).toBe('3.1.0');
    const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((one) => `${one} ${path}`),
    );
    expect(routes.toSorted()).toEqual([
      'delete /api/files/{id}',
      'delete /api/resumes/{id}',
      'get /api/files/{id}',
      'get /api/resumes',
      'get /api/resumes/{id}',
      'get /api/resumes/{id}/versions',
      'get /api/suggestions',
      'post /api/resumes',
      'post /api/resumes/{id}/versions',
      'post /api/suggestions',
      'post /api/suggestions/{id}/feedback',
    ]);
    const page = await call('GET', '/api/docs', undefined, {});
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("script-src 'self'")]);
  });
});

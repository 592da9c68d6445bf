import { admin, deploy, type RunningDeployment } from '../support/deploy.js';
import { farthestDeployments } from '../support/deployments.js';

const CREATE = `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`;
const SEARCH = `query($query: String!) { searchTemplates(query: $query, mode: TEXT) { hits { template { id } } } }`;

describe.each(farthestDeployments())('reading one’s own writes: $name', (deployment) => {
  let app: RunningDeployment;
  let categoryId: string;
  let made = 0;

  beforeAll(async () => {
    app = await deploy(deployment);
    const category = `mutation { createTemplateCategory(input: { slug: "own", name: "Own" }) { category { id } } }`;
    categoryId = (await app.data(category, {}, admin)).createTemplateCategory.category.id;
  }, 120_000);
  afterAll(() => app[Symbol.asyncDispose]());

  const create = async () => {
    const word = `zq${++made}own`;
    const answer = await app.send(CREATE, { input: { name: `Mine ${word}`, categoryId } }, admin);
    return { word, id: answer.data.createTemplate.template.id as string, token: answer.extensions?.['sync'].token as string, answer };
  };
  const search = (word: string, sync?: object) => app.send(SEARCH, { query: word }, admin, sync ? { extensions: { sync } } : {});

  it('Y7 hands out a token with a mutation, in the answer and in a header', async () => {
    const { token, answer } = await create();
    expect(token).toMatch(/^[\w-]+$/);
    expect(answer.headers.get('sync-token')).toBe(token);
    expect((await app.send('{ templateCategories { id } }')).extensions).toBeUndefined();
  });

  it('Y7 finds what was written a moment ago, every time, with its token', async () => {
    for (let round = 0; round < 25; round++) {
      const { word, id, token } = await create();
      const answer = await search(word, { token });
      expect(answer.extensions).toBeUndefined();
      expect(answer.data.searchTemplates.hits).toEqual([{ template: { id } }]);
    }
  });

  it('Y7 answers one token for what was written before and now, where the earlier one is sent along', async () => {
    const first = await create();
    const answer = await app.send(CREATE, { input: { name: 'Second', categoryId } }, admin, {
      extensions: { sync: { token: first.token } },
    });
    const token = answer.extensions?.['sync'].token as string;
    expect(token).not.toBe(first.token);
    expect((await search(first.word, { token })).data.searchTemplates.hits).toEqual([{ template: { id: first.id } }]);
  });

  it('Y7 takes the token from headers, too', async () => {
    const { word, id, token } = await create();
    const answer = await app.send(SEARCH, { query: word }, admin, { headers: { 'sync-token': token, 'sync-wait-ms': '5000' } });
    expect(answer.data.searchTemplates.hits).toEqual([{ template: { id } }]);
  });

  it('refuses what is no token, and options that are none', async () => {
    const refused = async (sync: object) => {
      const { status, errors } = await search('x', sync);
      return [status, errors?.[0]?.extensions['code']];
    };
    expect(await refused({ token: 'nonsense' })).toEqual([400, 'INVALID_SYNC_TOKEN']);
    const { token } = await create();
    expect(await refused({ token, waitMs: -1 })).toEqual([200, 'BAD_USER_INPUT']);
    expect(await refused({ token, onTimeout: 'PANIC' })).toEqual([200, 'BAD_USER_INPUT']);
  });

  it('Y7 says that it is stale when the time is over, or fails where that was asked for', async () => {
    await app.templates.relay.stop();
    const { word, token } = await create();
    const stale = await search(word, { token, waitMs: 60 });
    expect(stale.data.searchTemplates.hits).toEqual([]);
    expect(stale.extensions?.['sync']).toMatchObject({ stale: true, reason: 'timeout', projections: ['templates/template-vectors'] });
    expect(stale.extensions?.['sync'].lagSeconds).toBeGreaterThan(0);
    const failed = await search(word, { token, waitMs: 60, onTimeout: 'FAIL' });
    expect(failed.errors?.[0]?.extensions).toMatchObject({ code: 'SYNC_STALE' });
  });
});

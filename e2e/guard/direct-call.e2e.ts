import { createIdentitySigner, hashBody, IDENTITY_HEADER, signDevelopmentToken, type Identity } from '@loomgraph/auth';
import { SECRET } from '../support/deploy.js';
import { post, START_MS, startServer, type Server } from './start-server.js';

const admin: Identity = { userId: '1', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(8.64e12) };

const sign = (query: string, { secret = SECRET, audience }: { secret?: string; audience: string }) => ({
  [IDENTITY_HEADER]: createIdentitySigner({ secret }).sign(admin, { audience, bodyHash: hashBody(JSON.stringify({ query })) }),
});

const resources = new AsyncDisposableStack();
const servers: Record<string, Server> = {};
beforeAll(async () => {
  for (const name of ['templates', 'accounts']) servers[name] = resources.use(await startServer(`subgraphs/${name}/dist/main.js`, {}));
}, START_MS * 2);
afterAll(() => resources.disposeAsync(), 60_000);

describe.each(['templates', 'accounts'])('G2 the %s subgraph, called directly', (name) => {
  it('refuses what the gateway did not sign for it, for this body, or has sent before', async () => {
    const server = servers[name]!;
    const query = '{ _service { sdl } }';
    const refused = async (headers: Record<string, string>): Promise<string> => {
      const { status, body } = await post(server.url, query, headers);
      expect([status, body.data, body.errors?.[0]?.extensions.code]).toEqual([401, undefined, 'UNAUTHENTICATED']);
      return body.errors![0]!.message;
    };
    expect(await refused({})).toBe('The identity header is missing.');
    const token = await signDevelopmentToken({ secret: SECRET, userId: '1', roles: ['admin'] });
    expect(await refused({ authorization: `Bearer ${token}` })).toBe('The identity header is missing.');
    await refused({ [IDENTITY_HEADER]: token });
    await refused(sign(query, { audience: name, secret: 'another secret of more than 32 bytes' }));
    await refused(sign(query, { audience: name === 'templates' ? 'accounts' : 'templates' }));
    expect(await refused(sign('{ __typename }', { audience: name }))).toBe('The identity header belongs to another request.');
    const signed = sign(query, { audience: name });
    expect(await post(server.url, query, signed)).toMatchObject({
      status: 200,
      body: { data: { _service: { sdl: expect.any(String) } } },
    });
    expect(await refused(signed)).toBe('The identity header was used before.');
  }, 60_000);
});

describe('G2 a gateway in front of a subgraph', () => {
  it(
    'signs each call anew, and only what the caller is',
    async () => {
      const templates = servers['templates']!;
      await using gateway = await startServer('gateway/dist/main.js', { SUBGRAPH_TEMPLATES_URL: templates.url, LOG_LEVEL: 'warn' });
      const create = 'mutation { createTemplateCategory(input: { slug: "guarded", name: "Guarded" }) { category { slug } } }';
      const as = async (roles: string[]) => ({
        authorization: `Bearer ${await signDevelopmentToken({ secret: SECRET, userId: '7', roles })}`,
      });
      expect((await post(gateway.url, create)).body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect((await post(gateway.url, create, await as(['user']))).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      const forged = {
        ...(await as(['user'])),
        ...sign(create, { audience: 'templates', secret: 'another secret of more than 32 bytes' }),
      };
      expect((await post(gateway.url, create, forged)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await post(gateway.url, create, await as(['admin']))).body).toMatchObject({
        data: { createTemplateCategory: { category: { slug: 'guarded' } } },
      });
      const query = '{ templateCategories { slug } }';
      for (const _time of [1, 2, 3])
        expect((await post(gateway.url, query)).body.data).toEqual({ templateCategories: expect.arrayContaining([{ slug: 'guarded' }]) });
    },
    START_MS * 2,
  );
});

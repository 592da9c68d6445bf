import { createIdentitySigner, hashBody, IDENTITY_HEADER, signDevelopmentToken, type Identity } from '@loomgraph/auth';
import { SECRET } from '../support/deploy.js';
import { post, START_MS, startServer } from './start-server.js';

const admin: Identity = { userId: '1', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(8.64e12) };

const sign = async (query: string, { secret = SECRET, audience }: { secret?: string; audience: string }) => ({
  [IDENTITY_HEADER]: await createIdentitySigner({ secret }).sign(admin, { audience, bodyHash: hashBody(JSON.stringify({ query })) }),
});

describe.each(['templates', 'accounts'])('G2 the %s subgraph, called directly', (name) => {
  it(
    'refuses what the gateway did not sign for it, for this body, or has sent before',
    async () => {
      await using server = await startServer(`subgraphs/${name}/dist/main.js`, {});
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
      await refused(await sign(query, { audience: name, secret: 'another secret of more than 32 bytes' }));
      await refused(await sign(query, { audience: name === 'templates' ? 'accounts' : 'templates' }));
      expect(await refused(await sign('{ __typename }', { audience: name }))).toBe('The identity header belongs to another request.');
      const signed = await sign(query, { audience: name });
      expect(await post(server.url, query, signed)).toMatchObject({
        status: 200,
        body: { data: { _service: { sdl: expect.any(String) } } },
      });
      expect(await refused(signed)).toBe('The identity header was used before.');
    },
    START_MS * 2,
  );
});

describe('G2 a gateway in front of a subgraph', () => {
  it(
    'signs each call anew, and only what the caller is',
    async () => {
      await using templates = await startServer('subgraphs/templates/dist/main.js', {});
      await using gateway = await startServer('gateway/dist/main.js', { SUBGRAPH_TEMPLATES_URL: templates.url, LOG_LEVEL: 'warn' });
      const create = 'mutation { createTemplateCategory(input: { slug: "guarded", name: "Guarded" }) { category { slug } } }';
      const as = async (roles: string[]) => ({
        authorization: `Bearer ${await signDevelopmentToken({ secret: SECRET, userId: '7', roles })}`,
      });
      expect((await post(gateway.url, create)).body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect((await post(gateway.url, create, await as(['user']))).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      const forged = {
        ...(await as(['user'])),
        ...(await sign(create, { audience: 'templates', secret: 'another secret of more than 32 bytes' })),
      };
      expect((await post(gateway.url, create, forged)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await post(gateway.url, create, await as(['admin']))).body).toMatchObject({
        data: { createTemplateCategory: { category: { slug: 'guarded' } } },
      });
      const query = '{ templateCategories { slug } }';
      for (const _time of [1, 2, 3])
        expect((await post(gateway.url, query)).body.data).toEqual({ templateCategories: expect.arrayContaining([{ slug: 'guarded' }]) });
    },
    START_MS * 3,
  );
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIdentitySigner, hashBody, IDENTITY_HEADER, signDevelopmentToken, type Identity } from '@loomgraph/auth';
import { waitFor } from '@loomgraph/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'a secret of the tests, at least 32 bytes long';
const START_MS = 90_000;
const admin: Identity = { userId: '1', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(8.64e12) };

interface Server extends AsyncDisposable {
  readonly url: string;
}

/** A server of the product as its users start it; ready when it is returned. */
async function start(entry: string, env: Record<string, string>): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph guard '));
  const child: ChildProcess = spawn(process.execPath, [join(root, entry)], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      LOOM_DATA_DIR: dataDir,
      JWT_SECRET: SECRET,
      GATEWAY_IDENTITY_SECRET: SECRET,
      ACCOUNTS_SECRET: SECRET,
      ...env,
    },
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  };
  const urlIn = (text: string): string | undefined => /http:\/\/127\.0\.0\.1:[1-9]\d*\/graphql/.exec(text)?.[0];
  await waitFor(
    () => output,
    (text) => urlIn(text) !== undefined || child.exitCode !== null,
    START_MS,
  );
  const url = urlIn(output);
  if (url !== undefined) return { url, [Symbol.asyncDispose]: stop };
  await stop();
  throw new Error(`${entry} does not serve:\n${output}`);
}

async function post(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] } }> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ query }),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as { data?: unknown } };
}

const sign = async (query: string, { secret = SECRET, audience }: { secret?: string; audience: string }) => ({
  [IDENTITY_HEADER]: await createIdentitySigner({ secret }).sign(admin, { audience, bodyHash: hashBody(JSON.stringify({ query })) }),
});

describe.each(['templates', 'accounts'])('G2 the %s subgraph, called directly', (name) => {
  it(
    'refuses what the gateway did not sign for it, for this body, or has sent before',
    async () => {
      await using server = await start(`subgraphs/${name}/dist/main.js`, {});
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
      await using templates = await start('subgraphs/templates/dist/main.js', {});
      await using gateway = await start('gateway/dist/main.js', { SUBGRAPH_TEMPLATES_URL: templates.url, LOG_LEVEL: 'warn' });
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

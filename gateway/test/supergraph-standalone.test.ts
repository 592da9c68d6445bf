import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@loomgraph/config';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { gatewayConfig } from '../src/config.js';
import { listen } from '../src/process/listen.js';
import { openStandalone } from '../src/process/open-standalone.js';
import { supergraphWith } from './support/open-loaded.js';
import { rawServer } from './support/servers.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A subgraph that answers everything alike and remembers the headers it was sent. */
async function echo() {
  const asked: Headers[] = [];
  const server = await rawServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"a":"one"}}');
  });
  return Object.assign({ asked }, server);
}

describe('a gateway for any supergraph', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loom-standalone-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = async (options: { sdl: string; env?: Record<string, string> }) => {
    const path = join(folder, 'supergraph.graphql');
    await writeFile(path, options.sdl);
    const logger = createMemoryLogger();
    const config = loadConfig(gatewayConfig, { SUPERGRAPH: path, PORT: '0', ...options.env });
    const opened = await openStandalone({ config, logger, metrics: createMetrics() });
    const url = await listen(opened.gateway, config.server);
    const ask = async (query: string, headers: Record<string, string> = {}) => {
      const body = JSON.stringify({ query });
      const response = await fetch(`${url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
      return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    };
    return { path, url, ask, logger, gateway: opened.gateway, [Symbol.asyncDispose]: opened.close };
  };

  it('is ready, answers, and says once that it neither verifies nor signs', async () => {
    await using subgraph = await echo();
    await using running = await start({ sdl: supergraphWith(['a'], subgraph.url) });
    const ready = await fetch(`${running.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { subgraphs: [{ name: 'products', url: subgraph.url }], stores: [] }]);
    expect(await running.ask('{ a }', { authorization: 'Basic not-interpreted' })).toEqual({ data: { a: 'one' } });
    expect(subgraph.asked[0]!['x-loom-identity']).toBeUndefined();
    expect(subgraph.asked[0]!['authorization']).toBeUndefined();
    expect(running.logger.lines.filter(({ message }) => message.includes(' are not '))).toMatchObject([
      { message: 'Access tokens are not verified: none of JWT_SECRET, JWKS_URL and OIDC_ISSUERS is set' },
      { message: 'Requests to subgraphs are not signed: GATEWAY_IDENTITY_SECRET is not set' },
    ]);
  });

  it('passes on the headers it is told to', async () => {
    await using subgraph = await echo();
    await using running = await start({ sdl: supergraphWith(['a'], subgraph.url), env: { FORWARD_HEADERS: 'authorization,x-tenant' } });
    await running.ask('{ a }', { authorization: 'Bearer of-somebody-else', 'x-tenant': 'blue', 'x-other': 'no' });
    expect(subgraph.asked[0]).toMatchObject({ authorization: 'Bearer of-somebody-else', 'x-tenant': 'blue' });
    expect(subgraph.asked[0]!['x-other']).toBeUndefined();
  });

  it('verifies tokens and signs who asks where it has the secrets', async () => {
    await using subgraph = await echo();
    const env = { JWT_SECRET: 's'.repeat(32), GATEWAY_IDENTITY_SECRET: 'i'.repeat(32) };
    await using running = await start({ sdl: supergraphWith(['a'], subgraph.url), env });
    expect((await running.ask('{ a }', { authorization: 'Bearer wrong' })).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    expect(await running.ask('{ a }')).toEqual({ data: { a: 'one' } });
    expect(subgraph.asked).toHaveLength(1);
    expect(subgraph.asked[0]!['x-loom-identity']).toEqual(expect.any(String));
    expect(running.logger.lines.filter(({ message }) => message.includes(' are not '))).toEqual([]);
  });

  it('serves a changed file from then on', async () => {
    await using subgraph = await echo();
    await using running = await start({ sdl: supergraphWith(['a'], subgraph.url) });
    expect((await running.ask('{ added }')).errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    await writeFile(running.path, supergraphWith(['a', 'added'], subgraph.url));
    expect(await running.gateway.refreshSupergraph()).toEqual({ kind: 'updated' });
    expect(await running.ask('{ added: a }')).toMatchObject({ data: {} });
  });

  it('sends a subgraph what is for it where SUBGRAPH_URLS says', async () => {
    await using subgraph = await echo();
    await using running = await start({ sdl: supergraphWith(['a'], ''), env: { SUBGRAPH_URLS: `products=${subgraph.url}` } });
    expect(await running.ask('{ a }')).toEqual({ data: { a: 'one' } });
  });

  it('fails to start with one line when the file is missing', async () => {
    const path = '/nowhere/supergraph.graphql';
    await expect(start({ sdl: supergraphWith(['a']), env: { SUPERGRAPH: path } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Supergraph file ${path} cannot be read: it does not exist.`,
    });
  });

  it('fails to start with one line when the port is taken', async () => {
    await using first = await start({ sdl: supergraphWith(['a']) });
    const { port } = new URL(first.url);
    await expect(start({ sdl: supergraphWith(['a']), env: { PORT: port } })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use; stop what listens there, or set PORT to another one.`,
    );
  });

  it('records valid operations once', async () => {
    await using subgraph = await echo();
    const file = join(folder, 'operations.jsonl');
    {
      await using running = await start({ sdl: supergraphWith(['a'], subgraph.url), env: { RECORD_OPERATIONS: file } });
      for (const query of ['{ a }', '{ a }', '{ nonsense }', 'query Q { a }']) await running.ask(query);
    }
    const queries = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { query: string }).query);
    expect(queries).toEqual(['{ a }', 'query Q { a }']);
  });
});

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signDevelopmentToken } from '@loomgraph/auth';
import { waitFor } from '@loomgraph/testing';
import type { GraphQLAnswer } from '../support/deploy.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'a secret of the tests, at least 32 bytes long';
const START_MS = 60_000;

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** Starts a built server as its users do, with nothing of this process's environment but the path. */
function start(entry: string, env: Record<string, string>): Started {
  const child = spawn(process.execPath, [join(root, entry)], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', JWT_SECRET: SECRET, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exited: once(child, 'exit').then(([code]) => code as number | null) };
}

const urlIn = (text: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';

describe('D1 the server as a process', () => {
  let dataDir: string;
  const running: Started[] = [];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'loomgraph e2e '));
  });
  afterAll(async () => {
    for (const { child, exited } of running) {
      child.kill('SIGKILL');
      await exited;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  const startGateway = async (env: Record<string, string> = {}): Promise<{ started: Started; url: string }> => {
    const started = start('gateway/dist/main.js', { PORT: '0', LOOM_DATA_DIR: dataDir, ...env });
    running.push(started);
    await waitFor(started.output, (text) => text.includes('is ready') || started.child.exitCode !== null, START_MS);
    return { started, url: urlIn(started.output()) };
  };
  const send = async (url: string, query: string): Promise<Omit<GraphQLAnswer, 'status'>> => {
    const token = await signDevelopmentToken({ secret: SECRET, userId: '1', roles: ['admin'] });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as GraphQLAnswer;
  };

  it('starts with demo data, serves a page, ends on SIGINT, and keeps what was written', async () => {
    const first = await startGateway();
    expect(first.started.output()).toMatch(/Loomgraph is ready after \d+\.\d s/);
    const page = await fetch(`${first.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toMatch(/text\/html/);
    expect(await page.text()).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
    const demo = await send(first.url, '{ templates { totalCount } templateCategories { slug } }');
    expect(demo.data.templates.totalCount).toBeGreaterThan(60);
    await send(first.url, 'mutation { createTemplateCategory(input: { slug: "kept", name: "Kept" }) { category { id } } }');
    // As Ctrl-C under npm: the signal comes twice.
    first.started.child.kill('SIGINT');
    first.started.child.kill('SIGINT');
    expect(await first.started.exited).toBe(0);

    const second = await startGateway();
    const kept = await send(second.url, '{ templateCategories { slug } templates { totalCount } }');
    expect(kept.data.templateCategories).toContainEqual({ slug: 'kept' });
    expect(kept.data.templates.totalCount).toBe(demo.data.templates.totalCount);
    second.started.child.kill('SIGTERM');
    expect(await second.started.exited).toBe(0);
  }, 180_000);

  it('says in one line that another process has the data folder', async () => {
    const first = await startGateway();
    expect(first.url).not.toBe('');
    const second = start('gateway/dist/main.js', { PORT: '0', LOOM_DATA_DIR: dataDir });
    running.push(second);
    expect(await second.exited).toBe(1);
    expect(second.output().trim().split('\n')).toEqual([
      expect.stringMatching(/^loomgraph: Another Loomgraph process \(pid \d+\) uses the data folder .*LOOM_DATA_DIR/),
    ]);
    first.started.child.kill('SIGTERM');
    await first.started.exited;
  }, 120_000);

  it('takes the data folder of a killed process over at once', async () => {
    const first = await startGateway();
    first.started.child.kill('SIGKILL');
    await first.started.exited;
    const second = await startGateway();
    expect((await send(second.url, '{ templates { totalCount } }')).data.templates.totalCount).toBeGreaterThan(60);
    second.started.child.kill('SIGTERM');
    expect(await second.started.exited).toBe(0);
  }, 120_000);

  it('says in one line that the port is in use', async () => {
    const taken: Server = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const started = start('gateway/dist/main.js', { PORT: String(port), LOOM_DATA_DIR: 'memory://' });
    running.push(started);
    expect(await started.exited).toBe(1);
    expect(started.output().trim().split('\n')).toEqual([
      expect.stringContaining(`Port ${port} on 127.0.0.1 is in use; stop what listens there, or set PORT`),
    ]);
    taken.close();
  }, 60_000);

  it('says in one line that the data folder cannot be written', async () => {
    const started = start('gateway/dist/main.js', { PORT: '0', LOOM_DATA_DIR: '/dev/null/loomgraph' });
    running.push(started);
    expect(await started.exited).toBe(1);
    expect(started.output().trim().split('\n')).toEqual([
      expect.stringMatching(/The data folder \/dev\/null\/loomgraph cannot be written \(E[A-Z]+\); set LOOM_DATA_DIR/),
    ]);
  }, 30_000);

  it('names every problem of a broken configuration, a line each', async () => {
    const started = start('gateway/dist/main.js', { PORT: 'eighty', MYSQL_URL: 'oracle://x', SHUTDOWN_GRACE: 'soon' });
    running.push(started);
    expect(await started.exited).toBe(1);
    const text = started.output();
    for (const key of ['PORT', 'MYSQL_URL', 'SHUTDOWN_GRACE']) expect(text).toContain(key);
    expect(text).not.toMatch(/\n\s+at /);
  }, 30_000);

  it('says in one line that a configured store does not answer', async () => {
    const started = start('gateway/dist/main.js', { PORT: '0', LOOM_DATA_DIR: 'memory://', MYSQL_URL: 'mysql://root:x@127.0.0.1:1' });
    running.push(started);
    expect(await started.exited).toBe(1);
    expect(started.output().trim().split('\n')).toEqual([expect.stringMatching(/^loomgraph: .*(ECONNREFUSED|refused)/)]);
  }, 60_000);

  it('runs the templates subgraph as a server of its own, which refuses whoever the gateway did not sign', async () => {
    const subgraph = start('subgraphs/templates/dist/main.js', {
      PORT: '0',
      LOOM_DATA_DIR: 'memory://',
      GATEWAY_IDENTITY_SECRET: SECRET,
      LOG_LEVEL: 'info',
    });
    running.push(subgraph);
    const url = await waitFor(
      () => /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(subgraph.output())?.[0] ?? '',
      (found) => found !== '',
      START_MS,
    );
    const direct = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ templateCategories { id } }' }),
    });
    expect(direct.status).toBe(401);

    const gateway = await startGateway({ LOOM_DATA_DIR: 'memory://', SUBGRAPH_TEMPLATES_URL: url, GATEWAY_IDENTITY_SECRET: SECRET });
    const made = await send(gateway.url, 'mutation { createTemplateCategory(input: { slug: "far", name: "Far" }) { category { slug } } }');
    expect(made).toMatchObject({ data: { createTemplateCategory: { category: { slug: 'far' } } } });

    subgraph.child.kill('SIGKILL');
    await subgraph.exited;
    const down = await send(gateway.url, '{ templateCategories { slug } __typename }');
    expect(down.errors).toMatchObject([{ path: ['templateCategories'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    gateway.started.child.kill('SIGTERM');
    expect(await gateway.started.exited).toBe(0);
  }, 120_000);
});

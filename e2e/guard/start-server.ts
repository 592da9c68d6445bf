import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@loomgraph/testing';
import { SECRET } from '../support/deploy.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const START_MS = 90_000;

export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
}

/** A server of the product as its users start it; ready when it is returned. */
export async function startServer(entry: string, env: Record<string, string>): Promise<Server> {
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
  if (url !== undefined) return { url, dataDir, [Symbol.asyncDispose]: stop };
  await stop();
  throw new Error(`${entry} does not serve:\n${output}`);
}

/** Any operation, with whatever headers. */
export async function post(
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

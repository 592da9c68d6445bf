import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../../../tools/harness/graphql.ts';
import { pinned } from '../load/pinning.ts';
import type { RunningGateway, StartOptions } from './gateway.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 20;
const KEPT_OUTPUT = 16_384;
/** What a gateway inherits: figures must not depend on the shell they are measured from. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];

export interface Program {
  readonly title: string;
  /** For Node, before the port is known. */
  args(port: number): readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a gateway under Node, on its core, and waits until it answers a query. */
export async function spawnGateway(program: Program, { cores }: Pick<StartOptions, 'cores'>): Promise<RunningGateway> {
  const startedAt = performance.now();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/graphql`;
  const [command, ...before] = pinned(cores.gateway, process.execPath);
  const child = spawn(command, [...before, ...program.args(port)], {
    cwd: program.cwd,
    env: { ...inherited(), NODE_ENV: 'production', ...program.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string): void => void (output = (output + text).slice(-KEPT_OUTPUT));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let hasEnded = false;
  const ended = once(child, 'close').finally(() => {
    hasEnded = true;
    process.off('exit', endWithUs);
  });
  ended.catch(() => undefined); // a program that cannot be run is said below

  const stop = async (): Promise<void> => {
    if (hasEnded) return;
    child.kill('SIGTERM');
    const patience = setTimeout(endWithUs, STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(patience);
  };
  while (!(await answers(url))) {
    if (!hasEnded && performance.now() - startedAt < START_TIMEOUT_MS) {
      await sleep(POLL_MS);
      continue;
    }
    const how = hasEnded ? 'ended while it started' : `did not answer within ${START_TIMEOUT_MS / 1_000} s`;
    await stop();
    throw new Error(`${program.title} ${how}.\n${output}`);
  }
  if (child.pid === undefined) throw new Error(`${program.title} has no process.`);
  return { pid: child.pid, url, startSeconds: (performance.now() - startedAt) / 1_000, [Symbol.asyncDispose]: stop };
}

async function answers(url: string): Promise<boolean> {
  const agent = new Agent();
  try {
    const body = JSON.stringify({ query: '{ __typename }' });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    return (await post(url, { agent, headers, body, timeoutMs: 2_000 })).status === 200;
  } catch {
    return false; // not yet: nothing listens
  } finally {
    agent.destroy();
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../report/machine.ts';
import type { StoresEnv } from './store-env.ts';

/** Signs the tokens of benches and drills; worth nothing elsewhere. */
export const TOKEN_SECRET = 'a-secret-for-benches-and-drills-only-0123456789';

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT = 16_384;
/** What the gateway inherits: its figures must not depend on the shell it is measured from. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];

export interface GatewayOptions {
  readonly stores: StoresEnv;
  readonly dataDir: string;
  readonly namespace?: string;
  /** More settings, by environment variable. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told of everything it writes, as it writes it. */
  readonly onOutput?: (text: string) => void;
}

/** The product as people run it: a process of its own, reached over HTTP. */
export interface GatewayProcess extends AsyncDisposable {
  readonly pid: number;
  /** `http://127.0.0.1:12345`. */
  readonly url: string;
  /** From the start of the process to its ready line. */
  readonly startSeconds: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after 30 s. @throws Error when it does not exit with 0 */
  stop(): Promise<void>;
  /** The end of what it wrote to stdout and stderr. */
  output(): string;
  /** How it ended; undefined while it runs. */
  ended(): string | undefined;
}

/** Starts the built gateway on a free port and waits for its ready line. @throws Error with its output when there is none. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const startedAt = performance.now();
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['--enable-source-maps', 'gateway/dist/main.js'], {
    cwd: ROOT,
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string): void => {
    output = (output + text).slice(-KEPT_OUTPUT);
    options.onOutput?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  let how: string | undefined;
  const end = ended(child).then((reason) => (how = reason));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void end.then(() => process.off('exit', endWithUs));

  const url = await readyUrl(child, () => output, end);
  const startSeconds = (performance.now() - startedAt) / 1_000;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await end;
  };
  return {
    pid: child.pid ?? 0,
    url,
    startSeconds,
    output: () => output,
    ended: () => how,
    kill,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const how = await end;
      clearTimeout(timer);
      if (how !== 'exit code 0') throw new Error(`The gateway did not shut down cleanly: ${how}.\n${output}`);
    },
    [Symbol.asyncDispose]: kill,
  };
}

function environment({ stores, dataDir, namespace, settings }: GatewayOptions): Record<string, string> {
  const inherited = INHERITED.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
  return {
    ...Object.fromEntries(inherited),
    ...stores,
    PORT: '0',
    LOOM_DATA_DIR: dataDir,
    LOOM_DEMO: 'false',
    LOG_LEVEL: 'warn',
    JWT_SECRET: TOKEN_SECRET,
    ...(namespace === undefined ? {} : { LOOM_NAMESPACE: namespace }),
    ...settings,
  };
}

async function readyUrl(child: ChildProcess, output: () => string, end: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const url = /(http:\/\/\S+)\/graphql/.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', look);
    timer = setTimeout(
      () => reject(new Error(`The gateway was not ready after ${START_TIMEOUT_MS / 1_000} s.\n${output()}`)),
      START_TIMEOUT_MS,
    );
    void end.then((how) => reject(new Error(`The gateway ended while it started: ${how}.\n${output()}`)));
  });
  try {
    return await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function ended(child: ChildProcess): Promise<string> {
  const [code, signal] = (await Promise.race([once(child, 'close'), once(child, 'error')])) as [
    number | Error | null,
    NodeJS.Signals | undefined,
  ];
  return code instanceof Error ? code.message : (signal ?? `exit code ${code}`);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../../report/machine.ts';

/** A subgraph as a server of its own, as it is deployed. */
export interface SubgraphProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** `http://127.0.0.1:12345/graphql`. */
  readonly url: string;
  /** How it ended; undefined while it runs. */
  ended(): string | undefined;
}

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 10_000;
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];
const LISTENS = /"url":"(http:\/\/127\.0\.0\.1:\d+\/graphql)"/;

/** Starts a built subgraph on a free port and waits until it listens. @throws Error with its output when it does not */
export async function startSubgraph(options: {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Told of everything it writes. */
  readonly onOutput: (text: string) => void;
}): Promise<SubgraphProcess> {
  const { name, settings, onOutput } = options;
  const inherited = INHERITED.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]] as const]));
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['--enable-source-maps', `subgraphs/${name}/dist/main.js`], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), PORT: '0', LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let how: string | undefined;
  child.once('close', (code, signal) => (how = signal ?? `exit code ${code}`));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('close', () => process.off('exit', endWithUs));
  const url = await listening(child, name, onOutput);
  return {
    name,
    pid: child.pid ?? 0,
    url,
    ended: () => how,
    async [Symbol.asyncDispose]() {
      if (how !== undefined) return;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function listening(child: ChildProcess, name: string, onOutput: (text: string) => void): Promise<string> {
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const look = (text: string): void => {
        onOutput(text);
        output = (output + text).slice(-16_384);
        const url = LISTENS.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      };
      child.stdout?.setEncoding('utf8').on('data', look);
      child.stderr?.setEncoding('utf8').on('data', look);
      child.once('close', () => reject(new Error(`The ${name} subgraph ended while it started.\n${output}`)));
      child.once('error', reject);
      timer = setTimeout(() => reject(new Error(`The ${name} subgraph does not listen.\n${output}`)), START_TIMEOUT_MS);
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../../report/machine.ts';
import type { WorkerConfig, WorkerLine } from './worker-config.ts';

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 45_000;
const KEPT_WORDS = 4_000;

export interface Worker extends AsyncDisposable {
  /** SIGKILL, at whatever it does. */
  kill(): void;
  /** Resolves when its process is gone, whatever ended it. */
  readonly ended: Promise<void>;
  /** SIGTERM. @throws Error when it does not end by itself with 0 */
  stop(): Promise<void>;
}

/** Starts a worker and waits until it is ready, or has been killed before it was. @throws Error with its last words when it ends in any other way */
export async function startWorker(
  config: WorkerConfig,
  told: { readonly line: (line: WorkerLine) => void; readonly failed: (reason: string) => void },
): Promise<Worker> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'tools/drill/resumes/worker/main.ts'), JSON.stringify(config)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-KEPT_WORDS)));
  let isStopping = false;
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    process.off('exit', endWithUs);
    // A worker dies of SIGKILL, or ends because it was asked to: anything else is a fault of the product.
    if (signal !== 'SIGKILL' && !(isStopping && code === 0))
      told.failed(`a worker ended with ${signal ?? `exit code ${code}`}: ${lastWords}`);
  });
  await ready(child, ended, told.line);
  return {
    kill: () => void child.kill('SIGKILL'),
    ended,
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        told.failed(`a worker did not stop within ${STOP_TIMEOUT_MS / 1_000} s`);
        child.kill('SIGKILL');
      }, STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function ready(child: ChildProcess, ended: Promise<void>, told: (line: WorkerLine) => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isReady = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`A worker was not ready after ${READY_TIMEOUT_MS / 1_000} s.`));
    }, READY_TIMEOUT_MS);
    if (!child.stdout) return reject(new Error('A worker has no output.'));
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as WorkerLine; // written by worker/main.ts
      told(line);
      if (line.kind === 'ready') resolve();
    });
  });
  await Promise.race([isReady, ended]).finally(() => clearTimeout(timer));
}

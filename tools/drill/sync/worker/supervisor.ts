import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../../report/machine.ts';
import { COULD_NOT_START, type WorkerConfig, type WorkerLine } from './worker-config.ts';

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 45_000;

export interface SupervisedWorker extends AsyncDisposable {
  /** Lives through deaths: each is followed by a new process on the same data. */
  readonly deaths: number;
  /** Whether its process is at work. */
  readonly isReady: boolean;
  /** Lets the process end by itself and starts no other. @throws Error when it has to be killed or fails */
  stop(): Promise<void>;
}

/**
 * Keeps one worker process alive until it is stopped. A process that kills itself is started anew with another seed; one that ends in any other
 * way is a fault of the product, and `failed` is told its last words.
 */
export async function superviseWorker(
  configOf: (life: number) => WorkerConfig,
  told: { line: (line: WorkerLine) => void; failed: (reason: string) => void },
): Promise<SupervisedWorker> {
  let life = 0;
  let stopping = false;
  let isReady = false;
  let child = start();

  function start(): ChildProcess & { ready: Promise<void> } {
    const process_ = spawn(
      join(ROOT, 'node_modules/.bin/node'),
      [join(ROOT, 'tools/drill/sync/worker/main.ts'), JSON.stringify(configOf(life++))],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let lastWords = '';
    process_.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-4_000)));
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`A worker was not ready after ${READY_TIMEOUT_MS / 1_000} s. ${lastWords}`)),
        READY_TIMEOUT_MS,
      );
      createInterface({ input: process_.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as WorkerLine; // written by worker/main.ts
        if (line.kind === 'ready') {
          isReady = true;
          clearTimeout(timer);
          resolve();
        }
        told.line(line);
      });
      process_.once('close', (code, signal) => {
        isReady = false;
        clearTimeout(timer);
        resolve(); // it may die before it is ready: that is what it is for
        if (stopping) return;
        if (signal !== 'SIGKILL' && code !== COULD_NOT_START)
          told.failed(`a worker ended with ${signal ?? `exit code ${code}`}: ${lastWords}`);
        child = start();
      });
    });
    return Object.assign(process_, { ready });
  }

  await child.ready;
  const kill = async (): Promise<void> => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  };
  return {
    get deaths() {
      return life - 1;
    },
    get isReady() {
      return isReady;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
      child.kill('SIGTERM');
      let isOverdue = false;
      const timer = setTimeout(() => {
        isOverdue = true;
        child.kill('SIGKILL');
      }, STOP_TIMEOUT_MS);
      const [code, signal] = await closed;
      clearTimeout(timer);
      // One that has not started yet ends by the signal; one that has not heard it yet may still kill itself.
      if (isOverdue) told.failed(`a worker did not stop within ${STOP_TIMEOUT_MS / 1_000} s`);
      else if (code !== 0 && signal !== 'SIGTERM' && signal !== 'SIGKILL')
        told.failed(`a worker that was asked to stop ended with ${signal ?? `exit code ${code}`}`);
    },
    [Symbol.asyncDispose]: kill,
  };
}

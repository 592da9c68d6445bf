import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createTurns } from '../domain/turns.js';
import { Unreadable, type FileReader } from '../domain/understanding/understanding.js';
import type { ThreadAnswer } from './read-file.main.js';

export interface FileReaderOptions {
  /** For one file. Default 30 s. */
  readonly timeoutMs?: number;
  /** Heap of one thread, in megabytes. Default 512. */
  readonly maxHeapMb?: number;
}

/** Threads at once: each may take a whole core. */
const AT_ONCE = 2;
const MB_PER_STACK = 4;

/**
 * Takes files apart in a thread of their own, one a file: a file that hangs, or fills the memory, ends its thread and nothing else, and requests are
 * served meanwhile.
 */
export function createFileReader({ timeoutMs = 30_000, maxHeapMb = 512 }: FileReaderOptions = {}): FileReader {
  const inTurn = createTurns(AT_ONCE);
  return {
    read: (content, contentType, signal) =>
      inTurn(async () => {
        signal.throwIfAborted();
        const worker = new Worker(new URL(`./read-file.main${extname(import.meta.url)}`, import.meta.url), {
          workerData: { content, contentType },
          // Neither the settings (they hold secrets) nor the arguments are for this thread.
          env: {},
          argv: [],
          execArgv: [],
          stdout: true,
          stderr: true,
          resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, stackSizeMb: MB_PER_STACK },
        });
        const ended = new AbortController();
        try {
          const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
            worker.once('message', (message) => resolve(message as ThreadAnswer)); // our own thread writes nothing else
            worker.once('error', (error: NodeJS.ErrnoException) =>
              reject(new Unreadable(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too-complex' : 'broken', error)),
            );
            worker.once('exit', () => reject(new Unreadable('broken')));
            AbortSignal.any([AbortSignal.timeout(timeoutMs), ended.signal]).addEventListener('abort', () =>
              reject(new Unreadable('timeout')),
            );
            signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended.signal });
          });
          if ('unreadable' in answer) throw new Unreadable(answer.unreadable, new Error(answer.message));
          return answer.content;
        } finally {
          ended.abort();
          await worker.terminate();
        }
      }),
  };
}

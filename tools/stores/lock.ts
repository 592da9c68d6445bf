/**
 * Mutual exclusion between processes of one machine, by listening on an abstract unix socket: the kernel frees the name
 * when its owner dies, so there is no stale lock to detect, which lock files cannot promise.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 100;

export interface LockOptions {
  /** What is locked; any text, usually a path. */
  readonly name: string;
  readonly timeoutMs: number;
  /** Called once, when someone else holds the lock. */
  readonly onWait?: () => void;
}

/** Runs `task` while holding the lock. Throws when the lock is not free within `timeoutMs`. */
export async function withLock<T>(options: LockOptions, task: () => Promise<T>): Promise<T> {
  const held = await acquire(options);
  try {
    return await task();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}

async function acquire({ name, timeoutMs, onWait }: LockOptions): Promise<Server> {
  const path = `\0loomgraph-stores-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    const server = await tryListen(path);
    if (server) return server;
    if (attempt === 0) onWait?.();
    if (Date.now() > deadline) throw new Error(`${name} is still locked by another process after ${timeoutMs} ms`);
    await delay(RETRY_MS);
  }
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

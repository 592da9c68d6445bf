/**
 * Ports for servers that must come back on the same one. They are chosen below the kernel's ephemeral range (32768 and
 * up by default): a port from `listen(0)` could be taken by any outgoing connection while its server is down.
 */
import { createServer } from 'node:net';

const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const MAX_ATTEMPTS = 500;

export interface PortPicker {
  /** A free port that this picker has not given out before. */
  pick(): Promise<number>;
}

export interface PortPickerOptions {
  /** Ports recorded for stores that may be down at the moment. */
  readonly reserved: Iterable<number>;
  readonly isFree?: (port: number) => Promise<boolean>;
  /** In [0, 1). */
  readonly random?: () => number;
}

export function createPortPicker({ reserved, isFree = isPortFree, random = Math.random }: PortPickerOptions): PortPicker {
  const taken = new Set(reserved);
  return {
    async pick() {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const port = FIRST_PORT + Math.floor(random() * (LAST_PORT - FIRST_PORT + 1));
        if (taken.has(port)) continue;
        taken.add(port);
        if (await isFree(port)) return port;
      }
      throw new Error(`no free port found between ${FIRST_PORT} and ${LAST_PORT}`);
    },
  };
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

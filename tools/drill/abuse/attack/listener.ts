import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for what only the gateway can reach, a metadata service say: whoever makes the gateway call it has won. */
export interface Listener extends AsyncDisposable {
  /** `http://127.0.0.1:12345`. */
  readonly url: string;
  /** Requests so far, as `GET /path`. */
  readonly calls: readonly string[];
}

export async function startListener(answer: (path: string) => string): Promise<Listener> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const { method, url = '' } = request;
    calls.push(`${method} ${url}`);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(url));
  });
  // A connection alone would tell an attacker that the port is open.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

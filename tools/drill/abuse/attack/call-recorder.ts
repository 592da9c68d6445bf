import { createServer, request as open, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RecordedCall } from './subgraph-target.ts';

/** Stands between the gateway and a subgraph, passes everything on, and remembers the last calls. */
export interface CallRecorder extends AsyncDisposable {
  /** What the gateway is given for the subgraph's address. */
  readonly url: string;
  readonly calls: readonly RecordedCall[];
}

const KEPT = 200;

export async function startCallRecorder(subgraphUrl: string): Promise<CallRecorder> {
  const calls: RecordedCall[] = [];
  const server = createServer((request, response) => {
    passOn(subgraphUrl, request, response, calls).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(url: string, request: IncomingMessage, response: ServerResponse, calls: RecordedCall[]): Promise<void> {
  const body = await buffer(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  calls.push({ headers, body: body.toString() });
  if (calls.length > KEPT) calls.shift();
  const outgoing = open(url, { method: request.method, headers: { ...headers, host: new URL(url).host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => response.destroy());
  outgoing.end(body);
}

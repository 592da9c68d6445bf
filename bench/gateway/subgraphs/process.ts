/** The process of the four subgraphs. Its argument is the seed; it says its URLs by message and ends with whoever started it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createShop } from '../graph/data.ts';
import { SUBGRAPHS } from '../graph/sdl.ts';
import { createSubgraphSchema } from '../graph/subgraph-schema.ts';
import { createAnswering } from './answer.ts';

const shop = createShop(Number(process.argv[2]));
const urls: [string, string][] = [];
for (const name of SUBGRAPHS) urls.push([name, await serve(createAnswering(createSubgraphSchema(shop, name)))]);
process.once('disconnect', () => process.exit(0));
process.send?.(Object.fromEntries(urls));

function serve(answer: (body: string) => Buffer): Promise<string> {
  // A connection that a gateway keeps is kept here longer: none is closed just as it is used again.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true }, (request, response) =>
    receive(request, (body) => send(response, answer(body))),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)); // listens on TCP
  });
}

function receive(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => then((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString()));
}

function send(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)]);
  response.end(body);
}

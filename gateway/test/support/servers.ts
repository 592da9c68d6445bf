import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier } from '@loomgraph/auth';
import type { SubgraphSource } from '@loomgraph/gateway';
import { createHttpHost, type Subgraph } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { IDENTITY_SECRET } from './engine-run.js';

export interface HostedSubgraph extends AsyncDisposable {
  readonly source: SubgraphSource;
}

/** Hosts a subgraph in this process or behind HTTP: the same cases must hold for both. */
export async function host(kind: SubgraphSource['kind'], subgraph: Subgraph): Promise<HostedSubgraph> {
  if (kind === 'local') return { source: { kind, subgraph }, [Symbol.asyncDispose]: () => subgraph.close() };
  const server = await createHttpHost(subgraph, {
    identityVerifier: createIdentityVerifier({ secret: IDENTITY_SECRET, audience: subgraph.name }),
    logger: silentLogger,
    metrics: createMetrics(),
    host: '127.0.0.1',
    port: 0,
  });
  return { source: { kind, name: subgraph.name, url: server.url }, [Symbol.asyncDispose]: () => server.close() };
}

export interface RawServer extends AsyncDisposable {
  readonly url: string;
}

/** A server that answers what a test wants, however wrong. */
export async function rawServer(listener: RequestListener): Promise<RawServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface ScriptedSubgraph extends RawServer {
  readonly source: SubgraphSource;
  sdl: string;
  /** Answers `_service`; gives `sdl` until a test says otherwise. */
  answerSdl: RequestListener;
  /** Answers everything else. */
  answer: RequestListener;
}

/** A remote subgraph that gives its SDL and answers everything else as the test says at that moment. */
export async function scriptedSubgraph(name: string, sdl: string): Promise<ScriptedSubgraph> {
  const server = await rawServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => (Buffer.concat(chunks).includes('_service') ? script.answerSdl : script.answer)(request, response));
  });
  const script: ScriptedSubgraph = {
    ...server,
    source: { kind: 'remote', name, url: server.url },
    sdl,
    answerSdl: (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { _service: { sdl: script.sdl } } })),
    answer: (_request, response) => void response.writeHead(500).end(),
  };
  return script;
}

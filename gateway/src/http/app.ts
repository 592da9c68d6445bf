import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import fastifyCompress from '@fastify/compress';
import type { ErrorCode } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { BodyRequest } from './body-request.js';
import { COMPRESS_FROM_BYTES, ENCODINGS } from './content-encoding.js';
import type { GraphqlFront } from './graphql-front.js';
import { GRAPHQL_PATH } from './graphql-path.js';

const SERVER_FAULT_STATUS = 500;
const SEARCH_START = `${GRAPHQL_PATH}?`;

/** As Fastify's own servers keep connections; longer than any load balancer keeps one it does not use. */
const KEEP_ALIVE_MS = 72_000;

/** As Node's own servers; uploads to the embedded object store take their time. What is read for `/graphql` has its own limit. */
const WHOLE_REQUEST_MS = 300_000;
/** How often connections are looked at that take too long. */
const CHECKING_MS = 5_000;

export interface HttpAppOptions {
  readonly maxBodyBytes: number;
  /** How long the headers of a request may take to arrive. */
  readonly headersTimeoutMs: number;
  readonly logger: Logger;
  /** Answers `/graphql`; undefined where a route of Fastify does. */
  readonly graphql: GraphqlFront | undefined;
  /** Takes connections that are upgraded at `/graphql`; undefined: none are. */
  readonly upgrade?: UpgradeListener | undefined;
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The HTTP server without other routes than `/graphql`: body limit, compression, and errors as GraphQL clients expect them. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { graphql, headersTimeoutMs } = options;
  const app = fastify({
    logger: false,
    bodyLimit: options.maxBodyBytes,
    forceCloseConnections: 'idle',
    ...(graphql === undefined
      ? {}
      : { serverFactory: (route: RequestListener) => createFrontServer({ route, graphql, headersTimeoutMs, upgrade: options.upgrade }) }),
  });
  if (graphql !== undefined) registerGraphql(app, graphql);
  // A text body is no GraphQL request, and refusing it here keeps simple cross-site requests away from every route.
  app.removeContentTypeParser('text/plain');
  await app.register(fastifyCompress, { encodings: [...ENCODINGS], threshold: COMPRESS_FROM_BYTES });
  app.setErrorHandler((error: FastifyError, _request, reply) => void sendHttpError({ error, reply, logger: options.logger }));
  app.setNotFoundHandler((request, reply) => {
    const message = `There is nothing at ${request.method} ${request.url.split('?')[0]}.`;
    return reply.code(404).send(errorBody({ code: 'NOT_FOUND', message }));
  });
  return app;
}

/** Requests for `/graphql` go past Fastify; all others are routed by it. */
function createFrontServer(deps: {
  readonly route: RequestListener;
  readonly graphql: GraphqlFront;
  readonly headersTimeoutMs: number;
  readonly upgrade: UpgradeListener | undefined;
}): Server {
  const { route, graphql, headersTimeoutMs, upgrade } = deps;
  const isGraphql = ({ url = '' }: IncomingMessage): boolean => url === GRAPHQL_PATH || url.startsWith(SEARCH_START);
  const options = {
    IncomingMessage: BodyRequest,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersTimeoutMs,
    requestTimeout: WHOLE_REQUEST_MS,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, CHECKING_MS),
    // Clients offer HTTP/2 in the same header: such requests are answered as they are.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      upgrade !== undefined && request.headers.upgrade?.toLowerCase() === 'websocket' && isGraphql(request),
  };
  const server = createServer(options, (request, response) => {
    if (isGraphql(request)) graphql(request, response);
    else route(request, response);
  });
  if (upgrade !== undefined) {
    server.on('upgrade', (request, socket, head) => {
      // Nobody else listens to it from now on.
      socket.on('error', () => socket.destroy());
      upgrade(request, socket, head);
    });
  }
  server.setTimeout(0);
  return server;
}

/** For requests that spell the path in another way: absolute, or with escapes. */
function registerGraphql(app: FastifyInstance, graphql: GraphqlFront): void {
  app.route({
    method: app.supportedMethods,
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    compress: false,
    onRequest(request, reply) {
      reply.hijack();
      // made by the server above
      graphql(request.raw as BodyRequest, reply.raw);
    },
    handler: () => {
      throw new Error('Its onRequest hook answers.');
    },
  });
}

/** Sends what Fastify itself refuses or what a route throws; answers the code it was given. */
export function sendHttpError(options: {
  readonly error: FastifyError;
  readonly reply: FastifyReply;
  readonly logger: Logger;
  readonly requestId?: string | undefined;
}): ErrorCode {
  const { error, reply, logger, requestId } = options;
  const status = error.statusCode ?? SERVER_FAULT_STATUS;
  const isCallersFault = status >= 400 && status < SERVER_FAULT_STATUS;
  if (!isCallersFault) logger.error('HTTP request failed', { requestId, error });
  const code: ErrorCode = isCallersFault ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
  void reply.code(status).send(errorBody({ code, message: isCallersFault ? error.message : 'Internal server error', requestId }));
  return code;
}

function errorBody(options: { readonly code: ErrorCode; readonly message: string; readonly requestId?: string | undefined }): object {
  const { code, message, requestId } = options;
  return { errors: [{ message, extensions: { code, ...(requestId === undefined ? {} : { requestId }) } }] };
}

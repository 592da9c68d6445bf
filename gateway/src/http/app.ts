import fastifyCompress from '@fastify/compress';
import type { Logger } from '@loomgraph/telemetry';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { findRequestScope } from './graphql-route.js';

/** Brotli at any ratio worth having costs several times the CPU of gzip on answers made for one request. */
const ENCODINGS = ['gzip', 'deflate'] as const;
const COMPRESS_FROM_BYTES = 1_024;

/** The HTTP server without routes: body limit, compression, and errors as GraphQL clients expect them. */
export async function createHttpApp(options: { readonly maxBodyBytes: number; readonly logger: Logger }): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: options.maxBodyBytes, forceCloseConnections: 'idle' });
  // A text body is no GraphQL request, and refusing it here keeps simple cross-site requests away from Apollo altogether.
  app.removeContentTypeParser('text/plain');
  await app.register(fastifyCompress, { encodings: [...ENCODINGS], threshold: COMPRESS_FROM_BYTES });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const isCallersFault = status >= 400 && status < 500;
    if (!isCallersFault) options.logger.error('HTTP request failed', { requestId: findRequestScope(request)?.requestId, error });
    const answer = isCallersFault
      ? { code: 'BAD_REQUEST', message: error.message }
      : { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' };
    return reply.code(status).send(errorBody(request, answer));
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(errorBody(request, { code: 'NOT_FOUND', message: `There is nothing at ${request.method} ${request.url.split('?')[0]}.` })),
  );
  return app;
}

function errorBody(request: FastifyRequest, { code, message }: { code: string; message: string }): object {
  const scope = findRequestScope(request);
  scope?.errorCodes.add(code);
  return { errors: [{ message, extensions: { code, ...(scope === undefined ? {} : { requestId: scope.requestId }) } }] };
}

import fastifyCompress from '@fastify/compress';
import type { ErrorCode } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { COMPRESS_FROM_BYTES, ENCODINGS } from './content-encoding.js';

const SERVER_FAULT_STATUS = 500;

/** The HTTP server without routes: body limit, compression, and errors as GraphQL clients expect them. */
export async function createHttpApp(options: { readonly maxBodyBytes: number; readonly logger: Logger }): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: options.maxBodyBytes, forceCloseConnections: 'idle' });
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

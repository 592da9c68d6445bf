import type { RestRoute, RestUpload } from '@loomgraph/subgraph-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, RestProblem } from './problem.js';
import { readUpload } from './read-upload.js';
import type { RestCall } from './rest-call.js';
import type { RouteOperation } from './route-operation.js';
import { variablesOf, type RestInput } from './route-variables.js';

type Data = Readonly<Record<string, unknown>>;

/** Sends a file where an answer of the graph said. */
export type PutFile = (url: string, headers: Readonly<Record<string, string>>, bytes: Buffer) => Promise<void>;

export interface ServedRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly call: RestCall;
  readonly requestId: string;
  readonly isAnonymous: boolean;
}

/** Asks what a route asks and answers it. @throws RestProblem, MalformedRequest */
export async function serveRoute(operation: RouteOperation, served: ServedRequest, putFile: PutFile): Promise<FastifyReply> {
  const { route } = operation;
  const { request, reply, call, requestId } = served;
  const data =
    route.upload !== undefined && request.isMultipart()
      ? await askWithFile(route, route.upload, served, putFile)
      : await call.ask(route.operation, variablesOf(operation, inputOf(served, route)));
  const answer = at(data, route.answer);
  if (answer === null || answer === undefined) {
    const detail = `There is nothing at ${request.url.split('?')[0]} that you may see.`;
    throw new RestProblem(problem({ code: 'NOT_FOUND', detail, requestId }), call.headers);
  }
  void reply.code(route.status).headers(call.headers);
  if (route.status === 204) return reply.send();
  if (route.redirect !== undefined) void reply.header('location', String(at(answer as Data, route.redirect)));
  return reply.send(answer);
}

function inputOf({ request, requestId }: ServedRequest, { upload }: RestRoute): RestInput {
  if (upload !== undefined && !upload.optional) {
    const message = `Send the file as "multipart/form-data", in the part "${upload.file}".`;
    throw new RestProblem({ ...problem({ code: 'BAD_REQUEST', detail: message, requestId }), status: 415 });
  }
  // What Fastify makes of a path and of a search.
  return { path: request.params as RestInput['path'], query: request.query as RestInput['query'], body: request.body };
}

async function askWithFile(
  route: RestRoute,
  upload: RestUpload,
  { request, call, requestId, isAnonymous }: ServedRequest,
  putFile: PutFile,
): Promise<Data> {
  // Files of strangers are not read at all.
  if (isAnonymous) throw new RestProblem(problem({ code: 'UNAUTHENTICATED', detail: 'Sign in to send files.', requestId }));
  const { file, fields, bytes } = await readUpload(request, upload);
  return upload.run({
    path: request.params as RestInput['path'],
    fields,
    file,
    operation: route.operation,
    ask: (operation, variables) => call.ask(operation, variables),
    put: (url, headers) => putFile(url, headers, bytes),
  });
}

function at(data: Data, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Data | null | undefined)?.[step], data);
}

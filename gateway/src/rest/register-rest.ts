import fastifyMultipart from '@fastify/multipart';
import type { Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import type { RestRoute } from '@loomgraph/subgraph-kit';
import type { Logger } from '@loomgraph/telemetry';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LiveEngine } from '../execution/create-engine.js';
import type { Cors } from '../http/cors.js';
import type { InFlight } from '../http/in-flight.js';
import { refuseDuplicate } from '../http/refuse-transport.js';
import { createAnswerCaller } from '../request/answer-caller.js';
import { createAnswerOperation } from '../request/answer-operation.js';
import type { Admit } from '../request/admit.js';
import { MalformedRequest } from '../request/graphql-parameters.js';
import { createErrorMasker } from '../request/mask-errors.js';
import { createReadCaller, type ReadCallerDeps } from '../request/read-caller.js';
import { refusalOfError } from '../request/refusal-of-error.js';
import { openRequestScope, type RequestScope } from '../request/request-scope.js';
import type { RequestReport } from '../telemetry/request-report.js';
import { registerDescription } from './openapi/register-description.js';
import { problem, problemOf, PROBLEM_TYPE, RestProblem, type Problem } from './problem.js';
import { createPutFile } from './put-file.js';
import { createRestCall, type RestCall } from './rest-call.js';
import type { RestSettings } from './rest-settings.js';
import { createServedRoutes } from './served-routes.js';
import { serveRoute } from './serve-route.js';

export interface RestDeps extends ReadCallerDeps {
  readonly engine: LiveEngine;
  readonly admit: Admit | undefined;
  readonly cors: Cors | undefined;
  readonly report: RequestReport;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
  readonly logger: Logger;
  readonly settings: RestSettings;
  /** Where this process listens. */
  readonly ownUrl: () => string;
}

interface Served {
  readonly scope: RequestScope;
  call: RestCall | undefined;
}

const MAX_PARTS = 20;
const MAX_FIELD_BYTES = 10_000;
const METHODS = 'GET, POST, DELETE';

/**
 * REST over the operations of the graph: each route asks as its caller would, and is guarded, limited, counted and traced as what it asks.
 * Its documents are the product's own, so that they may run where only trusted ones do.
 */
export async function registerRest(app: FastifyInstance, deps: RestDeps): Promise<void> {
  const { engine, admit, cors, logger, settings } = deps;
  const routes = createServedRoutes(engine, settings.routes);
  const answer = createAnswerCaller(
    createAnswerOperation({ engine, admit, logger, persistedOperations: undefined, trustedDocuments: undefined }),
    deps.auditDenials,
  );
  const { identityOf, callerOf } = createReadCaller(deps);
  const mask = createErrorMasker({ logger });
  const putFile = createPutFile({ publicUrl: settings.publicUrl, ownUrl: deps.ownUrl });
  const served = new WeakMap<FastifyRequest, Served>();

  await app.register(fastifyMultipart, {
    limits: { fileSize: settings.maxFileBytes, files: 1, parts: MAX_PARTS, fieldSize: MAX_FIELD_BYTES, fieldNameSize: 100 },
  });
  app.addHook('onRequest', async (request, reply) => {
    const scope = openRequestScope(request.headers);
    served.set(request, { scope, call: undefined });
    deps.inFlight.track(reply.raw);
    void reply.header('x-request-id', scope.requestId).header('cache-control', 'no-store');
    if (deps.isDraining()) void reply.header('connection', 'close');
    const headers = cors?.headersOf(request.raw) ?? [];
    for (let at = 0; at < headers.length; at += 2) void reply.header(headers[at] ?? '', headers[at + 1]);
    const refusal = refuseDuplicate(request.raw, scope.requestId);
    if (refusal !== undefined) throw new RestProblem(problemOf(refusal.errors, scope.requestId), refusal.headers);
  });
  app.addHook('onResponse', async ({ raw, method }, { statusCode, request }) => {
    const { scope, call } = served.get(request) ?? {};
    if (scope === undefined) return;
    for (const one of call?.reports ?? []) {
      deps.report({ scope, answer: one, method, status: statusCode, wasAborted: raw.destroyed && !raw.complete });
    }
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const requestId = served.get(request)?.scope.requestId ?? request.id;
    const { found, headers } = read(error, requestId);
    return send(reply.headers(headers), found);
  });

  /** What is thrown, fit for clients. */
  const read = (
    error: FastifyError,
    requestId: string,
  ): { readonly found: Problem; readonly headers: Readonly<Record<string, string>> } => {
    if (error instanceof RestProblem) return { found: error.problem, headers: error.headers };
    const { statusCode } = error;
    if (!(error instanceof MalformedRequest || error instanceof LoomError) && statusCode !== undefined && statusCode < 500) {
      const code = statusCode === 413 ? 'REQUEST_TOO_LARGE' : 'BAD_REQUEST';
      return { found: { ...problem({ code, detail: error.message, requestId }), status: statusCode }, headers: {} };
    }
    const { errors, headers = {} } = refusalOfError({ error, requestId, mask });
    return { found: problemOf(errors, requestId), headers };
  };

  for (const route of settings.routes) {
    app.route({
      method: route.method,
      url: pathOf(route),
      async handler(request, reply) {
        const state = served.get(request);
        const operation = routes.current().find((one) => one.route === route);
        if (state === undefined || operation === undefined) {
          const detail = `${route.method} ${route.path} is not served: the part of the graph that it asks is not there.`;
          throw new RestProblem(problem({ code: 'NOT_FOUND', detail, requestId: state?.scope.requestId ?? request.id }));
        }
        const scoped = { request: request.raw, scope: state.scope };
        const identity: Identity | null = await identityOf(scoped);
        const call = createRestCall({ answer, caller: callerOf(scoped, identity), request: request.raw });
        state.call = call;
        const { requestId } = state.scope;
        return serveRoute(operation, { request, reply, call, requestId, isAnonymous: identity === null }, putFile);
      },
    });
  }
  for (const path of new Set(settings.routes.map(pathOf))) {
    app.options(path, (request, reply) =>
      reply
        .code(204)
        .headers({ allow: `${METHODS}, OPTIONS`, ...cors?.preflightHeadersOf(request.raw, METHODS) })
        .send(),
    );
  }
  await registerDescription(app, routes);
}

/** As Fastify writes it. */
function pathOf({ path }: RestRoute): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function send(reply: FastifyReply, found: Problem): FastifyReply {
  return reply.code(found.status).type(PROBLEM_TYPE).send(JSON.stringify(found));
}

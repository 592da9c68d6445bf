import { hashBody, IDENTITY_HEADER, type IdentitySigner } from '@loomgraph/auth';
import type { SubgraphFetch } from '@loomgraph/subgraph-kit';
import type { ExecutionResult } from 'graphql';
import { Agent, request as send } from 'undici';
import { SubgraphUnavailableError } from '../errors.js';

/** How much of an unusable answer the log keeps. */
const EXCERPT_CHARACTERS = 200;
const CONNECTIONS_PER_SUBGRAPH = 128;

/**
 * The one HTTP client of this process for all remote subgraphs: pooled connections, one time limit for the whole exchange.
 *
 * 1. Answers what a subgraph answered with status 200, a JSON media type and the shape of a GraphQL result.
 * 2. @throws SubgraphUnavailableError for everything else: no connection, late, another status or media type, cut off, not JSON.
 * 3. Tells the subgraph who asks, signed for this subgraph and this body (`x-loom-identity`), with request id and trace.
 * 4. Never repeats a request: it may be a mutation.
 */
export interface SubgraphHttp extends AsyncDisposable {
  post(options: { readonly subgraph: string; readonly url: string; readonly fetch: SubgraphFetch }): Promise<ExecutionResult>;
  close(): Promise<void>;
}

export function createSubgraphHttp(deps: { readonly signer: IdentitySigner; readonly timeoutMs: number }): SubgraphHttp {
  const agent = new Agent({ connections: CONNECTIONS_PER_SUBGRAPH, connect: { timeout: deps.timeoutMs } });
  const close = (): Promise<void> => agent.destroy();
  return {
    async post({ subgraph, url, fetch }) {
      const body = JSON.stringify({ query: fetch.query, variables: fetch.variables, operationName: fetch.operationName });
      const { identity, requestId, traceparent } = fetch.request;
      const signedIdentity = await deps.signer.sign(identity, { audience: subgraph, bodyHash: hashBody(body) });
      try {
        const response = await send(url, {
          dispatcher: agent,
          method: 'POST',
          body,
          signal: AbortSignal.timeout(deps.timeoutMs),
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json, application/json',
            'x-request-id': requestId,
            ...(traceparent === undefined ? {} : { traceparent }),
            [IDENTITY_HEADER]: signedIdentity,
          },
        });
        const mediaType = String(response.headers['content-type'] ?? 'no content type')
          .split(';')[0]!
          .trim();
        return toResult({ status: response.statusCode, mediaType, text: await response.body.text() });
      } catch (error) {
        throw new SubgraphUnavailableError(subgraph, describe(error, deps.timeoutMs), { cause: error });
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function toResult(answer: { status: number; mediaType: string; text: string }): ExecutionResult {
  const { status, mediaType, text } = answer;
  const excerpt = text.slice(0, EXCERPT_CHARACTERS);
  if (status !== 200) throw new Error(`answered ${status} with ${mediaType}: ${excerpt}`);
  if (!/^application\/(graphql-response\+)?json$/i.test(mediaType)) throw new Error(`answered with ${mediaType}: ${excerpt}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`answered with broken JSON (${(error as Error).message}): ${excerpt}`, { cause: error });
  }
  if (!isResult(parsed)) throw new Error(`answered with JSON that is no GraphQL result: ${excerpt}`);
  return parsed;
}

function isResult(value: unknown): value is ExecutionResult {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as { data?: unknown; errors?: unknown };
  if (errors !== undefined && !(Array.isArray(errors) && errors.every((error) => typeof error?.message === 'string'))) return false;
  return errors === undefined ? typeof data === 'object' && data !== null : data === undefined || typeof data === 'object';
}

/** By shape, not by class: these errors come from undici, from Node and from this file. */
function describe(error: unknown, timeoutMs: number): string {
  const { name, message, errors } = error as { name?: string; message?: string; errors?: readonly Error[] };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  // A host with several addresses fails with an AggregateError, which says nothing itself.
  if (errors !== undefined) return errors.map((one) => one.message).join('; ');
  return message || String(error);
}

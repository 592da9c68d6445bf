import { assertJsonDepthWithin } from './limits/json-depth.js';
import { parseJson } from './parse-json.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** What a client asks for; `query` may be missing where `documentId` or `extensions` name a document. */
export interface GraphqlParameters {
  readonly query: string | undefined;
  /** Of a persisted document (https://graphql.github.io/graphql-over-http/draft/, appendix A). */
  readonly documentId: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: JsonObject | undefined;
  readonly extensions: JsonObject | undefined;
}

/** A mistake in a request, in words for the client. */
export class MalformedRequest extends Error {}

/**
 * Reads the parameters from a JSON value (https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters).
 * @throws MalformedRequest when it is no object, or a parameter has another type
 */
export function readParameters(body: unknown): GraphqlParameters {
  if (!isObject(body)) throw new MalformedRequest('The body must be a JSON object with a "query".');
  const { query, documentId, operationName, variables, extensions } = body;
  if (query != null && typeof query !== 'string') throw new MalformedRequest('"query" must be a string.');
  if (documentId != null && typeof documentId !== 'string') throw new MalformedRequest('"documentId" must be a string.');
  if (operationName != null && typeof operationName !== 'string') throw new MalformedRequest('"operationName" must be a string.');
  if (variables != null && !isObject(variables)) throw new MalformedRequest('"variables" must be an object.');
  if (extensions != null && !isObject(extensions)) throw new MalformedRequest('"extensions" must be an object.');
  return {
    query: query ?? undefined,
    documentId: documentId ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

/**
 * Reads the parameters from the query component of a URL (…#sec-GET). An empty optional parameter is one that is not there.
 * @throws MalformedRequest when one is given twice, or is no JSON where it has to be; LimitExceededError
 */
export function readSearch(search: string, maxJsonDepth: number): GraphqlParameters {
  const parameters = new URLSearchParams(search);
  return readParameters({
    query: once(parameters, 'query'),
    documentId: once(parameters, 'documentId'),
    operationName: once(parameters, 'operationName'),
    variables: jsonOnce(parameters, 'variables', maxJsonDepth),
    extensions: jsonOnce(parameters, 'extensions', maxJsonDepth),
  });
}

function once(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1) throw new MalformedRequest(`"${name}" may be given once only.`);
  return values[0] === '' ? undefined : values[0];
}

function jsonOnce(parameters: URLSearchParams, name: string, maxDepth: number): unknown {
  const text = once(parameters, name);
  if (text === undefined) return undefined;
  assertJsonDepthWithin(text, maxDepth);
  try {
    return parseJson(text);
  } catch {
    throw new MalformedRequest(`"${name}" is not valid JSON.`);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

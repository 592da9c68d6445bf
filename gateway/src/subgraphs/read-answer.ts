import { isAscii as isAsciiOnly } from 'node:buffer';
import { SubgraphUnavailableError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../execution/json-object.js';
import type { SubgraphAnswer, SubgraphError } from '../execution/subgraph-answer.js';

/** How much of an unusable answer the log keeps. */
const EXCERPT_CHARACTERS = 200;
const BACKSLASH = 92;
const JSON_MEDIA_TYPE = /^\s*application\/(graphql-response\+)?json\s*(;|$)/i;
const RESPONSE_MEDIA_TYPE = /^\s*application\/graphql-response\+json\s*(;|$)/i;
const OK = 200;

/** Reads the body of a subgraph's HTTP answer; everything that is no GraphQL result is a failure with its reason. */
export function readAnswer(options: {
  readonly subgraph: string;
  readonly status: number;
  readonly mediaType: unknown;
  readonly body: Buffer;
  /** An earlier body that was read without errors: an equal one is not parsed before its data are read. */
  readonly known?: Buffer | undefined;
}): SubgraphAnswer {
  const { subgraph, status, mediaType, body, known } = options;
  const fail = (reason: string, cause?: unknown): SubgraphAnswer => ({
    kind: 'failed',
    status,
    bytes: body.length,
    error: new SubgraphUnavailableError(subgraph, `${reason}: ${body.toString('utf8').slice(0, EXCERPT_CHARACTERS)}`, { cause }),
  });
  const answered = status === OK ? 'answered' : `answered ${status}`;
  if (typeof mediaType !== 'string') return fail(`${answered} with no content type`);
  if (!JSON_MEDIA_TYPE.test(mediaType)) return fail(`${answered} with ${mediaType}`);
  // GraphQL over HTTP: another status is the subgraph's own only with the media type that proxies do not use.
  if (status !== OK && !RESPONSE_MEDIA_TYPE.test(mediaType)) return fail(`${answered} with ${mediaType}`);
  if (known?.equals(body) === true) return knownAnswer(known, status);
  const isAscii = isAsciiOnly(body);
  let result: unknown;
  try {
    result = JSON.parse(body.toString(isAscii ? 'latin1' : 'utf8'));
  } catch (error) {
    return fail(`${answered} with broken JSON (${(error as Error).message})`, error);
  }
  if (!isResult(result)) return fail(`${answered} with JSON that is no GraphQL result`);
  const { data, errors, extensions } = result;
  const hasEscapes = body.includes(BACKSLASH);
  return { kind: 'answered', data, errors, body, hasEscapes, isAscii, status, bytes: body.length, sync: extensions?.sync };
}

/** Of a body that is known to be a result without errors. */
function knownAnswer(body: Buffer, status: number): SubgraphAnswer {
  const isAscii = isAsciiOnly(body);
  let result: Result | undefined;
  return {
    kind: 'answered',
    get data() {
      result ??= JSON.parse(body.toString(isAscii ? 'latin1' : 'utf8')) as Result; // it was one before
      return result.data;
    },
    errors: undefined,
    body,
    hasEscapes: body.includes(BACKSLASH),
    isAscii,
    status,
    bytes: body.length,
  };
}

interface Result {
  readonly data?: JsonObject | null;
  readonly errors?: readonly SubgraphError[];
  readonly extensions?: { readonly sync?: unknown } | null;
}

function isResult(value: unknown): value is Result {
  if (!isJsonObject(value)) return false;
  const { data, errors } = value;
  if (data !== undefined && data !== null && !isJsonObject(data)) return false;
  if (errors === undefined || errors === null) return isJsonObject(data);
  return Array.isArray(errors) && errors.every(isError);
}

function isError(error: unknown): error is SubgraphError {
  if (!isJsonObject(error) || typeof error['message'] !== 'string') return false;
  const { path, extensions } = error;
  const hasPath =
    path === undefined || path === null || (Array.isArray(path) && path.every((one) => typeof one === 'string' || typeof one === 'number'));
  return hasPath && (extensions === undefined || extensions === null || isJsonObject(extensions));
}

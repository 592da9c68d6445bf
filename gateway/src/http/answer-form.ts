import { parseAccepted, qualityOf, type AcceptedRange } from './accept.js';
import { remembered } from '../request/remembered.js';

/**
 * In what form a client takes its answer, by its `Accept` header.
 *
 * - `statusRule` `graphql`: the status tells how the request fared. `legacy`: a well-formed request is answered with 200 even if its
 *   operation is refused, which is what clients that ask for `application/json` by name expect.
 * - `multipart`: the content type of an answer in parts, where the client takes them.
 * - `events`: whether it takes a stream of server-sent events: for a subscription (`accepted`), or for every answer, as it takes nothing else
 *   (`only`).
 */
export interface AnswerForm {
  readonly contentType: string;
  readonly statusRule: 'graphql' | 'legacy';
  readonly multipart: string | undefined;
  readonly events?: 'accepted' | 'only' | undefined;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';
const MULTIPART = 'multipart/mixed';
const EVENT_STREAM = 'text/event-stream';
const CHARSET = 'charset=utf-8';
/** What clients call the format of incremental answers that graphql-js 17 writes; without a name it is meant, too. */
const INCREMENTAL_SPEC = 'v0.2';

/** For clients that do not say: `application/json`, which every client reads, with telling statuses. */
export const DEFAULT_FORM: AnswerForm = { contentType: `${JSON_TYPE}; ${CHARSET}`, statusRule: 'graphql', multipart: undefined };

const NOT_ACCEPTABLE = 'not acceptable';
const formOfHeader = remembered((header: string): AnswerForm | typeof NOT_ACCEPTABLE => negotiate(header) ?? NOT_ACCEPTABLE);

/** Undefined when the client takes nothing that can be served here. */
export function answerFormOf(accept: string | undefined): AnswerForm | undefined {
  if (accept === undefined || accept === '*/*') return DEFAULT_FORM;
  const form = formOfHeader(accept);
  return form === NOT_ACCEPTABLE ? undefined : form;
}

/** Whether a browser asks for a page: it names HTML and likes it at least as much as JSON. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/html')) return false;
  const ranges = parseAccepted(accept);
  const html = qualityOf(ranges, (range) => specificity(range, 'text/html')) ?? 0;
  return html > 0 && html >= Math.max(qualityOfType(ranges, JSON_TYPE), qualityOfType(ranges, GRAPHQL_RESPONSE));
}

function negotiate(header: string): AnswerForm | undefined {
  const ranges = parseAccepted(header);
  const graphqlQuality = qualityOfType(ranges, GRAPHQL_RESPONSE);
  const jsonQuality = qualityOfType(ranges, JSON_TYPE);
  // By name only: who accepts anything does not mean a connection that stays open.
  const takesEvents = ranges.some(({ value, quality }) => value === EVENT_STREAM && quality > 0);
  if (graphqlQuality === 0 && jsonQuality === 0) return takesEvents ? { ...DEFAULT_FORM, events: 'only' } : undefined;
  const multipart = multipartOf(ranges);
  const events = takesEvents ? 'accepted' : undefined;
  const isNamed = (type: string): boolean => ranges.some(({ value, quality }) => value === type && quality > 0);
  const wantsGraphql = isNamed(GRAPHQL_RESPONSE) && graphqlQuality >= jsonQuality;
  if (wantsGraphql || jsonQuality === 0)
    return { contentType: `${GRAPHQL_RESPONSE}; ${CHARSET}`, statusRule: 'graphql', multipart, events };
  return { ...DEFAULT_FORM, statusRule: isNamed(JSON_TYPE) ? 'legacy' : 'graphql', multipart, events };
}

function qualityOfType(ranges: readonly AcceptedRange[], type: string): number {
  return qualityOf(ranges, (range) => (isUtf8(range) ? specificity(range, type) : undefined)) ?? 0;
}

/** 2: the type itself, 1: its family, 0: anything. */
function specificity({ value }: AcceptedRange, type: string): number | undefined {
  if (value === type) return 2;
  if (value === '*/*') return 0;
  return value.endsWith('/*') && type.startsWith(value.slice(0, -1)) ? 1 : undefined;
}

function isUtf8({ parameters }: AcceptedRange): boolean {
  const charset = parameters.get('charset')?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}

/** A range that names another format (`deferSpec=20220824`, `subscriptionSpec=1.0`) does not ask for this one. */
function multipartOf(ranges: readonly AcceptedRange[]): string | undefined {
  const range = ranges.find(
    ({ value, parameters, quality }) =>
      value === MULTIPART &&
      quality > 0 &&
      !parameters.has('deferspec') &&
      !parameters.has('subscriptionspec') &&
      (parameters.get('incrementalspec') ?? INCREMENTAL_SPEC) === INCREMENTAL_SPEC,
  );
  if (range === undefined) return undefined;
  const spec = range.parameters.has('incrementalspec') ? `; incrementalSpec=${INCREMENTAL_SPEC}` : '';
  return `${MULTIPART}; boundary="-"${spec}`;
}

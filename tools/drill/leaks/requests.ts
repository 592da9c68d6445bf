import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import type { Random } from '../../harness/random.ts';
import type { Operation } from '../oracle/operation.ts';
import type { Answered, DrillRequest } from './send.ts';
import { brokenMoods } from './weather-subgraph.ts';

/** A request, and what its answer must look like: a drill whose requests are all refused would show nothing. */
export interface ExpectedRequest extends DrillRequest {
  readonly name: string;
  readonly isExpected: (answer: Answered) => boolean;
}

export interface RequestMix {
  /** One of a random kind, after one of each: what is loaded once is loaded then. */
  next(): ExpectedRequest;
}

const PATH = '/graphql';
const JSON_TYPE = { 'content-type': 'application/json' };
const BY_STATUS = { ...JSON_TYPE, accept: 'application/graphql-response+json' };
const IN_PARTS = { ...JSON_TYPE, accept: 'multipart/mixed, application/json' };
const KNOWN = 40;

/** Of a thousand. New operations cost more than all others together. */
const shares = {
  known: 430,
  varied: 200,
  fresh: 80,
  refused: 80,
  failing: 80,
  cancelled: 50,
  deferred: 40,
  persisted: 30,
  introspection: 4,
  page: 1,
  malformed: 5,
} as const;

type Kind = keyof typeof shares;

/** What clients send a gateway, the good and the bad, at random. `operationOf` answers a valid operation for any index, always the same. */
export function createRequestMix(random: Random, operationOf: (index: number) => Operation): RequestMix {
  const known = Array.from({ length: KNOWN }, (_, index) => operationOf(index));
  const kinds = Object.entries(shares).flatMap(([kind, share]) => Array.from({ length: share }, () => kind as Kind)); // its keys are kinds
  let nextFresh = KNOWN;
  let nextName = 0;
  const make: Readonly<Record<Kind, () => ExpectedRequest>> = {
    known: () => expectStatus('known operation', post(random.pick(known)), 200),
    varied: () => expectStatus('varied variables', post(varied(random)), 200),
    fresh: () => ({ name: 'new operation', ...post(operationOf(nextFresh++)), isExpected: isWellFormed }),
    refused: () => expectStatus('refused operation', post(refused(random, nextName++)), 400),
    failing: () => ({ name: 'failing subgraph', ...post(failing(random)), isExpected: hasErrors }),
    cancelled: () => ({ name: 'cancelled', ...post(slow(nextName++)), cancelAfterMs: random.integer(0, 25), isExpected: () => true }),
    deferred: () => ({ name: 'deferred', ...post(deferred(random), IN_PARTS), isExpected: isInParts }),
    persisted: () => persisted(random, nextName++),
    introspection: () => expectStatus('introspection', post({ query: getIntrospectionQuery() }), 200),
    page: () => ({
      name: 'page',
      method: 'GET',
      path: PATH,
      headers: { accept: 'text/html' },
      isExpected: (answer) => answer.kind === 'answered' && answer.mediaType === 'text/html',
    }),
    malformed: () => malformed(random),
  };
  const opening = Object.keys(shares) as Kind[]; // as above
  return { next: () => make[opening.pop() ?? random.pick(kinds)]() };
}

function post(operation: object, headers: Readonly<Record<string, string>> = BY_STATUS): DrillRequest {
  return { method: 'POST', path: PATH, headers, body: JSON.stringify(operation) };
}

function expectStatus(name: string, request: DrillRequest, status: number): ExpectedRequest {
  return { ...request, name, isExpected: (answer) => answer.kind === 'answered' && answer.status === status };
}

/** Some random operations no planner can plan: which ones, and whether the others are answered rightly, is the oracle's to find. */
function isWellFormed(answer: Answered): boolean {
  return answer.kind === 'answered' && (answer.status === 200 || answer.text.includes('INTERNAL_SERVER_ERROR'));
}

function hasErrors(answer: Answered): boolean {
  return answer.kind === 'answered' && answer.status === 200 && answer.text.includes('"errors"');
}

function isInParts(answer: Answered): boolean {
  return answer.kind === 'answered' && answer.mediaType === 'multipart/mixed' && answer.text.includes('"hasNext":true');
}

const VARIED = `query Varied($id: ID!, $first: Int, $filter: ProductFilter, $long: Boolean!) {
  product(id: $id) { id name price(currency: CHF) reviews(first: $first) { body author { name points } } description @include(if: $long) }
  products(filter: $filter, first: $first) { id name seller { __typename ... on User { name } ... on Company { name } } shippingCost }
  notices(first: $first) { text about { name notices { id } } }
}`;

function varied(random: Random): Operation {
  const price = { min: random.integer(0, 20), max: random.next() * 100 };
  return {
    query: VARIED,
    operationName: 'Varied',
    variables: { id: `p${random.integer(0, 12)}`, first: random.integer(0, 3), filter: { price }, long: random.next() < 0.5 },
  };
}

function refused(random: Random, number: number): Operation {
  return random.pick([
    { query: `{ product(id: "p1") { noField${number} } }` },
    { query: `query Cut${number} { product(id: "p1") { ` },
    { query: `query Wrong($id: ID!) { product(id: $id) { id } }`, variables: { id: { number } } },
    { query: `query A${number} { version }`, operationName: 'B' },
    { query: `subscription { version }` },
  ]);
}

const MOODY = `query Moody($mood: String!) { weather(mood: $mood) { sky sun } products { id weather(mood: $mood) { degrees sun } } version }`;

function failing(random: Random): Operation {
  return { query: MOODY, variables: { mood: random.pick(brokenMoods) } };
}

/** Each has an alias of its own: identical ones would share one execution. */
function slow(number: number): Operation {
  return { query: MOODY, operationName: 'Moody', variables: { mood: 'slow', number } };
}

const DEFERRED = [
  '{ product(id: "p1") { id ... @defer { name reviews { body } } } }',
  'query ($mood: String!) { version ... @defer { weather(mood: $mood) { sky } } }',
  '{ products { id ... @defer(label: "stock") { quantity ... @defer { seller { __typename } } } } }',
];

function deferred(random: Random): Operation {
  return { query: random.pick(DEFERRED), variables: { mood: random.pick(['fine', 'throws', 'html']) } };
}

/** A hash alone is unknown mostly; with its text it is kept. */
function persisted(random: Random, number: number): ExpectedRequest {
  const query = `query Kept${number % 500} { product(id: "p${number % 10}") { id name } }`;
  const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') };
  if (random.next() < 0.5) return expectStatus('persisted operation', post({ query, extensions: { persistedQuery } }), 200);
  const isExpected = (answer: Answered): boolean =>
    answer.kind === 'answered' && (answer.text.includes('"data"') || answer.text.includes('PERSISTED_QUERY_NOT_FOUND'));
  return { ...post({ extensions: { persistedQuery } }), name: 'persisted operation', isExpected };
}

function malformed(random: Random): ExpectedRequest {
  const name = 'malformed request';
  return random.pick([
    expectStatus(name, { method: 'POST', path: PATH, headers: BY_STATUS, body: '{"query": ' }, 400),
    expectStatus(name, { method: 'POST', path: PATH, headers: { 'content-type': 'text/plain' }, body: '{ version }' }, 415),
    expectStatus(name, { ...post({ query: `{ version } #${'x'.repeat(200_000)}` }) }, 413),
    expectStatus(name, { method: 'GET', path: `${PATH}?query=%7Bversion%7D`, headers: {} }, 400),
    expectStatus(name, { ...post([{ query: '{ version }' }, { query: '{ nothing }' }]) }, 200),
  ]);
}

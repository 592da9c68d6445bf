import { createHash } from 'node:crypto';
import type { SyncRequest } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import type { Caller, Engine, EngineAnswer, EngineRequest, LiveRequest } from '../execution/engine.js';
import type { Admit } from './admit.js';
import type { BatchTotals } from './limits/batch-totals.js';
import { MalformedRequest, type GraphqlParameters } from './graphql-parameters.js';
import type { PersistedOperations } from './persisted-operations.js';
import { refuse } from './refuse.js';
import { createTrustText } from './trust-text.js';
import type { TrustedDocuments } from './trusted-documents/trusted-documents.js';

export interface OperationDeps {
  readonly engine: Engine;
  /** Undefined: clients must send the text of every operation. */
  readonly persistedOperations: PersistedOperations | undefined;
  /** Undefined: every document may be executed. */
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly admit: Admit | undefined;
  readonly logger: Logger;
}

/** One operation of a well-formed request, and how it may be answered. */
export interface OperationCall {
  readonly parameters: GraphqlParameters;
  readonly caller: Caller;
  readonly readOnly: boolean;
  readonly acceptsIncremental: boolean;
  /** Of an operation that came with others in one request. */
  readonly batch?: BatchTotals | undefined;
  /** What the headers say about reading one's own writes. */
  readonly sync?: SyncRequest | undefined;
  /** There where a subscription can be carried. */
  readonly live?: LiveRequest | undefined;
}

export type AnswerOperation = (call: OperationCall) => Promise<EngineAnswer>;

/** The only version of the protocol there is. */
const PERSISTED_QUERY_VERSION = 1;
const SHA256_PREFIX = 'sha256:';
const SHA256 = /^[\da-f]{64}$/;
/** Apollo's clients look for these messages, and for status 200. A cache must not keep what holds for a moment. */
const NOT_FOUND = 'PersistedQueryNotFound';
const NOT_SUPPORTED = 'PersistedQueryNotSupported';
const NOT_CACHED = { 'cache-control': 'private, no-cache, must-revalidate' };

/**
 * Finds the operation's text, asks whether it may run, and has the engine run it.
 * @throws MalformedRequest (or rejects with it) when no operation is named
 */
export function createAnswerOperation(deps: OperationDeps): AnswerOperation {
  const { engine, trustedDocuments, admit } = deps;
  const trust = createTrustText(deps);
  const answerAdmitted = async (request: EngineRequest, admit: Admit): Promise<EngineAnswer> =>
    (await admit(request)) ?? engine.execute(request);

  const execute = (call: OperationCall, query: string): Promise<EngineAnswer> => {
    const { operationName, variables, extensions } = call.parameters;
    const { caller, readOnly, acceptsIncremental, batch, sync, live } = call;
    const request: EngineRequest = { query, operationName, variables, extensions, readOnly, acceptsIncremental, caller, batch, sync, live };
    return admit === undefined ? engine.execute(request) : answerAdmitted(request, admit);
  };

  const answerText = (call: OperationCall, query: string): Promise<EngineAnswer> => {
    const refusal = trust(query, call.caller);
    return refusal === undefined ? execute(call, query) : Promise.resolve(refusal);
  };

  /** In strict mode nothing is taken from clients but by those who may have anything executed. */
  const storeFor = ({ caller }: OperationCall): PersistedOperations | undefined =>
    trustedDocuments?.mode === 'strict' && !trustedDocuments.isExempt(caller.identity) ? undefined : deps.persistedOperations;

  /** To the client the text is merely unknown: it sends it again. */
  const unreachable = (requestId: string, error: unknown): undefined => {
    deps.logger.warn('The store of persisted operations does not answer', { requestId, error });
  };

  const storedText = async (hash: string, store: PersistedOperations, requestId: string): Promise<string | undefined> =>
    SHA256.test(hash) ? store.get(hash).catch((error: unknown) => unreachable(requestId, error)) : undefined;

  const answerPersisted = async (call: OperationCall, persisted: object): Promise<EngineAnswer> => {
    const store = storeFor(call);
    const { requestId } = call.caller;
    const hash = hashOf(persisted);
    const trusted = hash === undefined ? undefined : trustedDocuments?.find(hash);
    const { query } = call.parameters;
    if (trusted !== undefined && (query === undefined || query === trusted)) return execute(call, trusted);
    if (store === undefined) {
      if (trustedDocuments?.mode === 'strict') return query === undefined ? refuseUnknown(requestId) : answerText(call, query);
      return refuse({ requestId, code: 'PERSISTED_QUERY_NOT_SUPPORTED', message: NOT_SUPPORTED, headers: NOT_CACHED });
    }
    if (hash === undefined) throw new MalformedRequest('"persistedQuery" must hold version 1 and a sha256Hash.');
    if (query === undefined) {
      const known = await storedText(hash, store, requestId);
      if (known !== undefined) return answerText(call, known);
      return refuse({ requestId, code: 'PERSISTED_QUERY_NOT_FOUND', message: NOT_FOUND, headers: NOT_CACHED });
    }
    if (createHash('sha256').update(query).digest('hex') !== hash) throw new MalformedRequest('The sha256Hash is not the hash of "query".');
    const answer = await answerText(call, query);
    // What the engine refuses would be kept for nothing, and anybody can invent it.
    if (answer.kind !== 'refused') {
      store.set(hash, query).catch((error: unknown) => deps.logger.warn('A persisted operation could not be kept', { requestId, error }));
    }
    return answer;
  };

  const refuseUnknown = (requestId: string): EngineAnswer => {
    const message = 'No document is registered under this id.';
    return refuse({ requestId, code: 'DOCUMENT_NOT_FOUND', message, headers: NOT_CACHED, reason: 'unknownDocument' });
  };

  const answerDocument = async (call: OperationCall, id: string): Promise<EngineAnswer> => {
    if (call.parameters.query !== undefined) throw new MalformedRequest('Send either "query" or "documentId".');
    const trusted = trustedDocuments?.find(id);
    if (trusted !== undefined) return execute(call, trusted);
    const { requestId } = call.caller;
    const store = storeFor(call);
    const hash = id.startsWith(SHA256_PREFIX) ? id.slice(SHA256_PREFIX.length) : undefined;
    const known = hash === undefined || store === undefined ? undefined : await storedText(hash, store, requestId);
    return known === undefined ? refuseUnknown(requestId) : answerText(call, known);
  };

  return (call) => {
    const { query, documentId, extensions } = call.parameters;
    if (documentId !== undefined) return answerDocument(call, documentId);
    const persisted = extensions?.['persistedQuery'];
    if (typeof persisted === 'object' && persisted !== null) return answerPersisted(call, persisted);
    if (query === undefined || query === '') throw new MalformedRequest('The request has no "query".');
    return answerText(call, query);
  };
}

function hashOf(persisted: { readonly version?: unknown; readonly sha256Hash?: unknown }): string | undefined {
  const { version, sha256Hash } = persisted;
  return version === PERSISTED_QUERY_VERSION && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

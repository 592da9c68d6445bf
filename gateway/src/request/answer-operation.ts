import { createHash } from 'node:crypto';
import type { SyncRequest } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import type { Caller, Engine, EngineAnswer, EngineRequest } from '../execution/engine.js';
import type { Admit } from './admit.js';
import { MalformedRequest, type GraphqlParameters } from './graphql-parameters.js';
import type { PersistedOperations } from './persisted-operations.js';
import { refuse } from './refuse.js';

export interface OperationDeps {
  readonly engine: Engine;
  /** Undefined: clients must send the text of every operation. */
  readonly persistedOperations: PersistedOperations | undefined;
  readonly admit: Admit | undefined;
  readonly logger: Logger;
}

/** One operation of a well-formed request, and how it may be answered. */
export interface OperationCall {
  readonly parameters: GraphqlParameters;
  readonly caller: Caller;
  readonly readOnly: boolean;
  readonly acceptsIncremental: boolean;
  /** What the headers say about reading one's own writes. */
  readonly sync?: SyncRequest | undefined;
}

export type AnswerOperation = (call: OperationCall) => Promise<EngineAnswer>;

/** The only version of the protocol there is. */
const PERSISTED_QUERY_VERSION = 1;
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
  const { engine, admit } = deps;
  const answerAdmitted = async (request: EngineRequest, admit: Admit): Promise<EngineAnswer> =>
    (await admit(request)) ?? engine.execute(request);

  const answerText = (call: OperationCall, query: string): Promise<EngineAnswer> => {
    const { operationName, variables, extensions } = call.parameters;
    const { caller, readOnly, acceptsIncremental, sync } = call;
    const request: EngineRequest = { query, operationName, variables, extensions, readOnly, acceptsIncremental, caller, sync };
    return admit === undefined ? engine.execute(request) : answerAdmitted(request, admit);
  };

  /** To the client the text is merely unknown: it sends it again. */
  const unreachable = (requestId: string, error: unknown): undefined => {
    deps.logger.warn('The store of persisted operations does not answer', { requestId, error });
  };

  const answerPersisted = async (call: OperationCall, persisted: object): Promise<EngineAnswer> => {
    const { persistedOperations: store } = deps;
    const { requestId } = call.caller;
    if (store === undefined)
      return refuse({ requestId, code: 'PERSISTED_QUERY_NOT_SUPPORTED', message: NOT_SUPPORTED, headers: NOT_CACHED });
    const hash = hashOf(persisted);
    if (hash === undefined) throw new MalformedRequest('"persistedQuery" must hold version 1 and a sha256Hash.');
    const { query } = call.parameters;
    if (query === undefined) {
      const known = SHA256.test(hash) ? await store.get(hash).catch((error: unknown) => unreachable(requestId, error)) : undefined;
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

  return (call) => {
    const { query, extensions } = call.parameters;
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

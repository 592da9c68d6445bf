import { randomUUID } from 'node:crypto';
import { digestApiKey, freezeIdentity, type ApiKeyDigest, type ApiKeyResolver, type Identity } from '@loomgraph/auth';
import { StoreError } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import type { ExecutionResult } from 'graphql';
import { z } from 'zod';
import { SubgraphAnswerError, SubgraphUnavailableError } from '../errors.js';
import { callOnce } from './call-once.js';
import type { SubgraphHttp } from './http-call.js';

const SUBGRAPH = 'accounts';
/** Inaccessible: no plan has this field. */
const OPERATION =
  'query ApiKeyIdentity($id:ID!,$secretHash:String!){apiKeyIdentity(id:$id,secretHash:$secretHash){userId scopes issuedAt expiresAt}}';

const identityShape = z.object({
  userId: z.string().min(1),
  scopes: z.array(z.string()),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
const answerShape = z.object({ apiKeyIdentity: identityShape.nullable() });

/**
 * Asks an accounts subgraph that runs elsewhere who an API key speaks for, with a signed call. The secret of the key stays here: its SHA-256 is
 * sent.
 *
 * 1. What does not have the form of a key is nobody's: that says nothing about keys there are.
 * 2. Rejects with SUBGRAPH_UNAVAILABLE while the subgraph does not answer or refuses our signature, STORE_UNAVAILABLE while its stores do not,
 *    SUBGRAPH_ANSWER_INVALID for everything else. Never with an error about the caller, who is not known to have made one.
 * 3. Logs the first of such failures, and when keys can be asked for again.
 */
export function createRemoteApiKeys(deps: { readonly http: SubgraphHttp; readonly url: string; readonly logger: Logger }): ApiKeyResolver {
  const { http, url, logger } = deps;
  const call = http.prepare(url, { subgraph: SUBGRAPH, operation: OPERATION, operationName: 'ApiKeyIdentity', operationKind: 'query' });
  let isFailing = false;

  const ask = async (digest: ApiKeyDigest): Promise<Identity | null> => {
    // Nobody asks: who the caller is is the question.
    const answer = await callOnce(call, { ...digest }, { identity: null, requestId: randomUUID() });
    return readIdentity(answer, digest.id);
  };

  return {
    async resolve(key) {
      const digest = digestApiKey(key);
      if (digest === undefined) return null;
      try {
        const identity = await ask(digest);
        if (isFailing) logger.info('API keys can be asked for again', { url });
        isFailing = false;
        return identity;
      } catch (error) {
        if (!isFailing) logger.error('API keys cannot be asked for', { url, reason: reasonOf(error) });
        isFailing = true;
        throw error;
      }
    },
  };
}

/** No roles, as in the subgraph's own process: a key may do what its scopes say, as far as its user may. */
function readIdentity({ data, errors }: ExecutionResult, apiKeyId: string): Identity | null {
  const [error] = errors ?? [];
  if (error !== undefined) {
    const { code } = error.extensions;
    if (code === 'STORE_UNAVAILABLE' || code === 'STORE_TIMEOUT')
      throw new StoreError('unavailable', SUBGRAPH, 'API keys cannot be looked up now; retry later.', { cause: error });
    throw new SubgraphAnswerError(SUBGRAPH, `${String(code)}: ${error.message}`);
  }
  const read = answerShape.safeParse(data);
  if (!read.success) throw new SubgraphAnswerError(SUBGRAPH, z.prettifyError(read.error));
  const known = read.data.apiKeyIdentity;
  if (known === null) return null;
  const { userId, scopes, issuedAt, expiresAt } = known;
  return freezeIdentity({ userId, roles: [], scopes, apiKeyId, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) });
}

function reasonOf(error: unknown): string {
  if (error instanceof SubgraphUnavailableError) return error.reason;
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

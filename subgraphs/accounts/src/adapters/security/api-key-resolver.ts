import { timingSafeEqual } from 'node:crypto';
import { digestApiKey, freezeIdentity, type ApiKeyDigest, type ApiKeyResolver, type Identity } from '@loomgraph/auth';
import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { LRUCache } from 'lru-cache';
import type { ApiKeyReader } from '../../domain/security/api-keys.js';
import type { ApiKeyUse } from '../../store/security/api-key.store.js';

const USE_MS = 60_000;
const NOTED = 10_000;
/** What a key that does not exist is looked up and compared as. */
const NOBODY: ApiKeyDigest = { id: '', secretHash: '0'.repeat(64) };

/** Also finds keys by what a gateway elsewhere tells of them. */
export interface ApiKeyFinder extends ApiKeyResolver {
  /** As `resolve`, for who has seen the key. */
  find(digest: ApiKeyDigest): Promise<Identity | null>;
}

/** The record's side of API keys: who a key speaks for. Its caller keeps answers for a few seconds, and asks the revocation list. */
export function createApiKeyResolver(deps: {
  readonly reader: ApiKeyReader & ApiKeyUse;
  /** Whether the user is there and may act. */
  readonly isActive: (userId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): ApiKeyFinder {
  const { reader, isActive, clock, logger, metrics } = deps;
  const outcomes = metrics.counter('accounts_api_keys_resolved_total', 'API keys that were looked up, by outcome.', ['outcome']);
  const noted = new LRUCache<string, number>({ max: NOTED });

  const noteUse = (id: string, now: Date): void => {
    const at = noted.get(id);
    if (at !== undefined && now.getTime() - at < USE_MS) return;
    noted.set(id, now.getTime());
    reader.note(id, now).catch((error: unknown) => logger.warn('The use of an API key could not be noted.', { apiKeyId: id, error }));
  };

  const find = async ({ id: wanted, secretHash }: ApiKeyDigest): Promise<Identity | null> => {
    const found = await reader.byId(wanted);
    const fits = isSame(secretHash, found?.hash ?? NOBODY.secretHash);
    const now = clock.now();
    const isOpen = found !== null && fits && found.key.revokedAt === null && found.key.expiresAt > now;
    if (!isOpen || !(await isActive(found.key.userId))) {
      outcomes.inc({ outcome: 'refused' });
      return null;
    }
    outcomes.inc({ outcome: 'found' });
    const { id, userId, scopes, createdAt, expiresAt } = found.key;
    noteUse(id, now);
    // No roles: a key may do what its scopes say, as far as its user may.
    return freezeIdentity({ userId, roles: [], scopes, apiKeyId: id, issuedAt: createdAt, expiresAt });
  };

  return { find, resolve: (key) => find(digestApiKey(key) ?? NOBODY) };
}

/** What was sent may be no hash at all. */
function isSame(sent: string, kept: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(kept)];
  return one.length === other.length && timingSafeEqual(one, other);
}

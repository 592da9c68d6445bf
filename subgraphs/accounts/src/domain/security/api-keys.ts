import type { Clock } from '@loomgraph/core';
import { auditNote, type Actor, type AuditNote } from '../audit-trail.js';
import { ApiKeyNotFound, InvalidKeyRequest, NotWithApiKey, ScopeNotAllowed } from './errors.js';

/** A key with which a program acts for a user. The key itself is not kept. */
export interface ApiKey {
  /** Part of the key, for people to recognise it: `loom_<id>_…`. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** `<resource type>:<action>`, as in the permission catalogue. */
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface ApiKeyWriter {
  insert(key: ApiKey, hash: string): Promise<void>;
  /** Of this user, or of anyone. */
  lock(id: string, userId: string | undefined): Promise<ApiKey | null>;
  countOpen(userId: string, at: Date): Promise<number>;
  setRevoked(id: string, at: Date): Promise<void>;
  audit(note: AuditNote): void;
}

export interface ApiKeyUnitOfWork {
  /** `work` may run again after a deadlock: no effect outside the database. */
  run<T>(work: (writer: ApiKeyWriter) => Promise<T>): Promise<T>;
}

export interface ApiKeyReader {
  /** Newest first; at most `limits.keys` that are open, and those that ended. */
  of(userId: string): Promise<readonly ApiKey[]>;
  /** With the hash of its secret. */
  byId(id: string): Promise<{ readonly key: ApiKey; readonly hash: string } | null>;
}

export interface KeyMaker {
  make(): { readonly id: string; readonly key: string; readonly hash: string };
}

export const keyLimits = { name: 100, scopes: 50, keys: 50, days: 365, defaultDays: 90 } as const;

const SCOPE = /^([a-z][a-z\d_-]{0,40}):([a-zA-Z][\w-]{0,40})$/;
const DAY_MS = 86_400_000;

export interface ApiKeys {
  /**
   * @param command `scopes` none of which the user may not do; `expiresInDays` 1 to 365, 90 when left out
   * @returns the key, shown this once
   * @throws NotWithApiKey, InvalidKeyRequest, ScopeNotAllowed
   */
  create(
    command: { readonly name: string; readonly scopes: readonly string[]; readonly expiresInDays?: number | undefined },
    actor: Actor,
  ): Promise<{ readonly apiKey: ApiKey; readonly key: string }>;
  list(userId: string): Promise<readonly ApiKey[]>;
  /** @param of whose key it must be; anybody's for administrators @throws ApiKeyNotFound */
  revoke(id: string, of: string | undefined, actor: Actor): Promise<ApiKey>;
}

export function createApiKeys(deps: {
  readonly unitOfWork: ApiKeyUnitOfWork;
  readonly reader: ApiKeyReader;
  readonly maker: KeyMaker;
  /** Whether the caller may do it, on some resource at least. */
  readonly mayDo: (resourceType: string, action: string) => Promise<boolean>;
  /** Tells those who take requests, after the commit. */
  readonly revoked: (key: ApiKey, at: Date) => Promise<void>;
  readonly clock: Clock;
}): ApiKeys {
  const { unitOfWork, reader, maker, mayDo, revoked, clock } = deps;

  const note = (action: string, id: string, actor: Actor, details?: AuditNote['details']): AuditNote =>
    auditNote({ action, actor, resource: { type: 'ApiKey', id }, details });

  return {
    async create({ name, scopes, expiresInDays = keyLimits.defaultDays }, actor) {
      if (actor.apiKeyId !== undefined) throw new NotWithApiKey();
      check(name.trim().length > 0 && name.length <= keyLimits.name, `A key needs a name of at most ${keyLimits.name} characters.`, 'name');
      check(scopes.length > 0 && scopes.length <= keyLimits.scopes, `A key needs 1 to ${keyLimits.scopes} scopes.`, 'scopes');
      check(
        Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= keyLimits.days,
        `A key lasts 1 to ${keyLimits.days} days.`,
        'expiresInDays',
      );
      for (const scope of new Set(scopes)) {
        const [, type = '', action = ''] = SCOPE.exec(scope) ?? [];
        check(type !== '', `"${scope}" is no scope: write it as <resource type>:<action>, such as template:read.`, 'scopes');
        if (!(await mayDo(type, action))) throw new ScopeNotAllowed(scope);
      }
      const { id, key, hash } = maker.make();
      const now = clock.now();
      const apiKey: ApiKey = {
        id,
        userId: actor.userId,
        name: name.trim(),
        scopes: [...new Set(scopes)].toSorted(),
        createdAt: now,
        expiresAt: new Date(now.getTime() + expiresInDays * DAY_MS),
        lastUsedAt: null,
        revokedAt: null,
      };
      await unitOfWork.run(async (writer) => {
        check(
          (await writer.countOpen(actor.userId, now)) < keyLimits.keys,
          `A user has at most ${keyLimits.keys} keys: revoke one first.`,
          'name',
        );
        await writer.insert(apiKey, hash);
        writer.audit(note('api-key.create', id, actor, { scopes: apiKey.scopes.length, days: expiresInDays }));
      });
      return { apiKey, key };
    },
    list: (userId) => reader.of(userId),
    async revoke(id, of, actor) {
      const at = clock.now();
      const key = await unitOfWork.run(async (writer) => {
        const known = await writer.lock(id, of);
        if (!known) throw new ApiKeyNotFound(id);
        if (known.revokedAt) return known;
        await writer.setRevoked(id, at);
        writer.audit(note('api-key.revoke', id, actor));
        return { ...known, revokedAt: at };
      });
      await revoked(key, at);
      return key;
    },
  };
}

function check(holds: boolean, message: string, argument: string): void {
  if (!holds) throw new InvalidKeyRequest(message, argument);
}

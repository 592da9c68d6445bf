import { createBusAuditSink, requirePermission, type AuditSink, type Identity } from '@loomgraph/auth';
import { createAuditLog, type AuditLog } from './adapters/audit-log.js';
import { createKeyMaker } from './adapters/security/api-key-maker.js';
import { createApiKeyResolver, type ApiKeyFinder } from './adapters/security/api-key-resolver.js';
import { createAttemptCounters } from './adapters/security/attempt-counters.js';
import { createExportJob } from './adapters/security/export-job.js';
import { createRecoveryCodes } from './adapters/security/recovery-codes.js';
import { createSecretSealer } from './adapters/security/secret-sealer.js';
import { createThrottleNotices } from './adapters/security/throttle-notices.js';
import { createTotpCodes } from './adapters/security/totp-codes.js';
import { userSections } from './adapters/security/user-sections.js';
import { auditNote } from './domain/audit-trail.js';
import { createApiKeys, type ApiKeys } from './domain/security/api-keys.js';
import { createLoginThrottle, type Attempt } from './domain/security/login-throttle.js';
import { createSecondFactors } from './domain/security/second-factor.js';
import { createUserData } from './domain/security/user-data.js';
import { ApiKeyGraphqlResolver } from './graphql/security/api-key.resolver.js';
import { AuditResolver } from './graphql/security/audit.resolver.js';
import { SecondFactorResolver } from './graphql/security/second-factor.resolver.js';
import { UserDataResolver } from './graphql/security/user-data.resolver.js';
import type { AccountsModule, ModuleDependencies, OpenModule } from './modules.js';
import type { WriteAudit } from './store/audited.js';
import { auditMigration } from './store/audit/migration.js';
import { createApiKeyReader, createApiKeyUnitOfWork } from './store/security/api-key.store.js';
import { securityMigration } from './store/security/migration.js';
import { erasePolicy } from './store/security/policy-eraser.js';
import { createFactorReader, createFactorUnitOfWork } from './store/security/second-factor.store.js';
import { createUserDataUnitOfWork, createUserExportReader } from './store/security/user-data.store.js';

/** Longer than any access token lasts. */
const REVOCATION_MS = 86_400_000;
const DOWNLOAD_SECONDS = 300;
/** The subgraphs that hold data of users. */
const HOLDERS = ['templates', 'resumes'] as const;

/** Audit log, throttled logins, second factor, API keys, exports and erasure. */
export const securityModule: AccountsModule = {
  name: 'security',
  entities: [],
  migrations: [auditMigration, securityMigration],
  records: [],
  resolvers: [AuditResolver, SecondFactorResolver, ApiKeyGraphqlResolver, UserDataResolver],
  open: async (deps) => openSecurity(deps),
};

async function openSecurity(deps: ModuleDependencies): Promise<OpenModule> {
  const { store, unitOfWork, stores, cache, bus, accounts, hasher, revocations, authorizer, sealerFor, clock, ids, logger, metrics } = deps;
  const folder = stores.namespace === '' ? '' : `${stores.namespace}/`;
  const objects = () => stores.objects();
  const log: AuditLog = createAuditLog({ store, objects, clock, logger, metrics, prefix: `${folder}audit` });
  const sink: AuditSink = createBusAuditSink({ bus, source: 'accounts', logger, metrics, clock });
  const audit: WriteAudit = (em, notes) => log.in(em).append(...notes.map((note) => ({ ...note, occurredAt: clock.now() })));
  const writing = { store, unitOfWork, audit };

  const throttle = createLoginThrottle({
    counters: createAttemptCounters({ cache, logger, metrics }),
    settings: deps.throttle,
    clock,
    notify: createThrottleNotices({ sink, clock, logger, metrics }),
  });
  /** Of a code or a password that is asked for within a session: counted apart from signing in, and by user. */
  const throttled = async <T>(
    userId: string,
    { address, requestId }: Omit<Attempt, 'email'>,
    attempt: () => Promise<T>,
    isRight: (answer: T) => boolean = () => true,
  ): Promise<T> => {
    const who = { email: `user:${userId}`, address, requestId };
    await throttle.admit(who);
    const answer = await attempt();
    if (isRight(answer)) await throttle.succeeded(who);
    return answer;
  };
  const passwordFits = async (userId: string, password: string, from: Omit<Attempt, 'email'>): Promise<boolean> => {
    const [user] = await accounts.usersByIds([userId]);
    return throttled(
      userId,
      from,
      () => hasher.verify(user?.passwordHash, password),
      (fits) => fits,
    );
  };

  const factorReader = createFactorReader(store);
  const factors = createSecondFactors({
    unitOfWork: createFactorUnitOfWork(writing),
    reader: factorReader,
    codes: createTotpCodes({ issuer: 'Loomgraph' }),
    recovery: createRecoveryCodes(),
    sealer: createSecretSealer(sealerFor('totp')),
    passwordFits,
    accountOf: async (userId) => (await accounts.usersByIds([userId]))[0]?.email ?? userId,
    throttled,
    clock,
  });

  const keyReader = createApiKeyReader(store);
  const keysOf = (identity: Identity): ApiKeys =>
    createApiKeys({
      unitOfWork: createApiKeyUnitOfWork(writing),
      reader: keyReader,
      maker: createKeyMaker(),
      mayDo: async (type, action) => {
        // Of what reaches one's own alone, one's own is asked for.
        const { allowed } = await authorizer.check(identity, action, { type, ownerId: identity.userId });
        return allowed || identity.scopes.includes(`${type}:${action}`);
      },
      revoked: ({ id, expiresAt }, at) => revocations.revoke({ kind: 'api-key', id, at, until: expiresAt }),
      clock,
    });
  const apiKeyResolver: ApiKeyFinder = createApiKeyResolver({
    reader: keyReader,
    isActive: async (userId) => (await accounts.usersByIds([userId]))[0]?.status === 'active',
    clock,
    logger,
    metrics,
  });

  const objectPrefix = `${folder}exports/`;
  const exportReader = createUserExportReader(store);
  const userData = createUserData({
    unitOfWork: createUserDataUnitOfWork({
      ...writing,
      revocationMs: REVOCATION_MS,
      erasers: [(em, userId) => erasePolicy(em, store, userId)],
      clock,
    }),
    reader: exportReader,
    revoke: (userId, at) => revocations.revoke({ kind: 'user', id: userId, at, until: new Date(at.getTime() + REVOCATION_MS) }),
    objectPrefix,
    clock,
    ids,
  });
  const exportJob = createExportJob({
    store,
    objects,
    objectPrefix,
    parts: HOLDERS,
    sections: userSections({ store, accounts, factors: factorReader, keys: keyReader, audit: log.reader }),
    clock,
    logger,
    metrics,
  });

  return {
    resolvers: [
      new AuditResolver({
        reader: log.reader,
        verifier: log.verifier,
        assertMayRead: async ({ identity }) =>
          void (await requirePermission(authorizer, identity, { action: 'read', resource: { type: 'audit' } })),
      }),
      new SecondFactorResolver({ factors, reader: factorReader }),
      new ApiKeyGraphqlResolver({ keysOf, find: apiKeyResolver.find }),
      new UserDataResolver({
        userData,
        passwordFits,
        linkTo: async (key, downloadName) => (await objects()).presignGet(key, { expiresInSeconds: DOWNLOAD_SECONDS, downloadName }),
        unlock: async (email, actor, userId) => {
          await throttle.unlock(email);
          await throttle.unlock(`user:${userId}`);
          const note = auditNote({ action: 'users.unlock', resource: { type: 'User', id: userId }, actor });
          await unitOfWork.run(({ em }) => audit(em, [note]));
        },
      }),
    ],
    hooks: {
      loginGuard: throttle,
      secondFactor: factors,
      audit,
      apiKeyResolver,
      auditSink: sink,
    },
    consumers: [log.consumer],
    async start() {
      log.anchoring.start();
      exportJob.start();
    },
    async close() {
      await exportJob.stop();
      await log.anchoring.stop();
      await sink.close();
    },
  };
}

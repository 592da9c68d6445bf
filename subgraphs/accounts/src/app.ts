import { openAuthorizer, type PolicyAuthorizer } from '@loomgraph/auth';
import { LoomError, systemClock, uuidSource, type Clock, type IdSource } from '@loomgraph/core';
import type { ApiKeyResolver } from '@loomgraph/auth';
import type { StoreSet } from '@loomgraph/stores';
import { aroundMutations, auditOperations, defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import {
  Auditor,
  ChangeCapture,
  ConsumerHost,
  createUnitOfWork,
  JobRunner,
  OutboxRow,
  recordWrites,
  Relay,
  syncMigrations,
  type RelayOptions,
} from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { createAccessTokenIssuer } from './adapters/access-token-issuer.js';
import { createArgon2Hasher } from './adapters/argon2-hasher.js';
import { createBackgroundWork } from './adapters/background-work.js';
import { deleteExpired } from './adapters/housekeeping.js';
import { createKeyRing } from './adapters/key-ring.js';
import { openMailer, type OutboxMail } from './adapters/open-mailer.js';
import { createPublishedRevocations } from './adapters/retry-revocations.js';
import { createRoleClaims } from './adapters/role-claims.js';
import { createSealer } from './adapters/sealer.js';
import { tokenSource } from './adapters/token-source.js';
import { createPasswordManagement } from './domain/change-password.js';
import { createFirstAdministrator, type MakeFirstAdministrator } from './domain/first-administrator.js';
import { createLogin } from './domain/login.js';
import { createMailLimit } from './domain/mail-limit.js';
import { createUserManagement } from './domain/manage-users.js';
import { createSessionOpener } from './domain/open-session.js';
import type { AccountReader, PasswordHasher, Revocations } from './domain/ports.js';
import { createRefresh } from './domain/refresh.js';
import { createRegistration } from './domain/register.js';
import { createRevoker } from './domain/revoke.js';
import { NotWithApiKey } from './domain/security/errors.js';
import { createSessionManagement } from './domain/sessions.js';
import { createAccountsContext, type AccountsContext } from './graphql/context.js';
import { buildAccountsSchema } from './graphql/schema.js';
import { SessionResolver } from './graphql/session.resolver.js';
import { UserResolver } from './graphql/user.resolver.js';
import { mailLinks } from './mail-links.js';
import type { AccountsHooks, AccountsModule, ModuleDependencies } from './modules.js';
import { modules as productModules } from './product-modules.js';
import { ACCOUNT, accountGraph } from './projections/account-graph.js';
import type { AccountsOptions } from './options.js';
import { createAccountReader } from './store/account.reader.js';
import { createAccountUnitOfWork } from './store/account.writer.js';
import type { WriteAudit } from './store/audited.js';
import { entities } from './store/entities.js';
import { accountsMigration } from './store/migrations.js';
import { records } from './store/records.js';
import { wellKnownDocuments, type PublicDocuments, type TokenKeys } from './well-known.js';

export const ACCOUNTS = 'accounts';
const HOUSEKEEPING_MS = 3_600_000;
/** Whoever verifies tokens tolerates clocks that differ by less than this. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Mutations that answer no sync token: that one was written would tell that the address had no account. */
const UNTOLD: ReadonlySet<string> = new Set(['register']);

export interface AccountsDependencies {
  readonly stores: StoreSet;
  readonly options: AccountsOptions;
  /** Told of what is revoked; the gateway asks it. */
  readonly revocations: Revocations;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** In place of argon2id, for tests that sign in by the hundred. */
  readonly hasher?: PasswordHasher;
  /** The product's, unless stated. */
  readonly modules?: readonly AccountsModule[];
  readonly relay?: Pick<RelayOptions, 'pollMs' | 'limits'>;
}

/** The accounts subgraph with what its process uses beside GraphQL. */
export interface AccountsSubgraph extends Subgraph {
  readonly reader: AccountReader;
  readonly relay: Relay;
  /** Who may do what, for the other subgraphs of the process. */
  readonly authorizer: PolicyAuthorizer;
  readonly keys: TokenKeys;
  /** For the server's own routes: `/.well-known/…`. */
  readonly documents: PublicDocuments;
  /** Mails of this process that no server was there for, newest last. */
  readonly outbox: readonly OutboxMail[];
  readonly rotateKeys: () => Promise<string>;
  readonly makeFirstAdministrator: MakeFirstAdministrator;
  /** Who an API key speaks for; undefined without the module that has them. */
  readonly apiKeyResolver: ApiKeyResolver | undefined;
  /** Resolves when no mail is under way. */
  idle(): Promise<void>;
}

export async function createAccountsSubgraph(dependencies: AccountsDependencies): Promise<AccountsSubgraph> {
  const { stores, options, logger, metrics, clock = systemClock, ids = uuidSource, modules = productModules } = dependencies;
  const { settings } = options;
  const allRecords = [...records, ...modules.flatMap((module) => module.records)];
  const store = await stores.relational({
    name: ACCOUNTS,
    entities: [...entities, ...modules.flatMap((module) => module.entities), OutboxRow],
    migrations: [...syncMigrations, accountsMigration, ...modules.flatMap((module) => module.migrations)],
    subscribers: [new ChangeCapture(allRecords)],
  });
  await store.migrate();
  const [graph, cache, bus] = await Promise.all([stores.graph([ACCOUNT, 'User']), stores.cache(), stores.bus()]);

  const sealerFor = (purpose: string) => createSealer(options.secret, purpose);
  const hasher = dependencies.hasher ?? createArgon2Hasher(options.argon2);
  const reader = createAccountReader(store);
  const revocations = createPublishedRevocations({ list: dependencies.revocations, store, clock, logger });
  let relay: Relay | undefined;
  const unitOfWork = createUnitOfWork(store, () => relay?.notify());
  const authorizer = openAuthorizer({ database: store, bus, logger, metrics });
  // Of the module that keeps the log, which is opened with the others.
  const audit: WriteAudit = async (em, notes) => opened.hooks.audit?.(em, notes);
  const opened = await openModules(modules, {
    store,
    unitOfWork,
    stores,
    cache,
    bus,
    accounts: reader,
    hasher,
    tokens: tokenSource,
    revocations,
    authorizer,
    audit,
    sealerFor,
    throttle: options.throttle,
    clock,
    ids,
    logger,
    metrics,
  });

  const projections = [accountGraph({ graph }), ...opened.modules.flatMap((module) => module.projections ?? [])];
  const engine = { store, projections, records: allRecords, subgraph: ACCOUNTS, logger, metrics };
  const running = (relay = new Relay({ ...engine, bus, ...dependencies.relay }));
  const auditor = new Auditor(engine);
  const consumers = new ConsumerHost({
    store,
    bus,
    consumers: opened.modules.flatMap((module) => module.consumers ?? []),
    subgraph: ACCOUNTS,
    logger,
    metrics,
  });
  const jobRunner = new JobRunner({ ...engine, replay: (...replay) => consumers.replay(...replay) });

  const { algorithm } = options.tokens;
  const ring =
    algorithm === 'HS256'
      ? undefined
      : createKeyRing({
          store,
          sealer: sealerFor('signing-keys'),
          clock,
          algorithm,
          lifetimeMs: options.tokens.keyLifetimeMs,
          tokenMs: settings.accessTtlMs + CLOCK_TOLERANCE_MS,
        });
  const { issuer, audience } = options.tokens;
  const keys: TokenKeys = {
    issuer,
    audience,
    algorithms: algorithm === 'HS256' ? [] : [algorithm],
    read: (unknownKeyId) => ring?.published(unknownKeyId) ?? noKeys,
  };
  const rotateKeys = (): Promise<string> => {
    if (!ring)
      throw new LoomError(
        'CAPABILITY_NOT_CONFIGURED',
        'Access tokens are signed with JWT_SECRET (TOKEN_ALGORITHM=HS256): there is no key to rotate.',
      );
    return ring.rotate();
  };

  const accountUnitOfWork = createAccountUnitOfWork({ unitOfWork, store, audit });
  const background = createBackgroundWork(logger);
  const mail = openMailer(options.mail, { logger, clock });
  const revoker = createRevoker({ settings, revocations });
  const opener = createSessionOpener({
    settings,
    tokens: tokenSource,
    issuer: createAccessTokenIssuer(ring ? { kind: 'keys', keys: ring } : { kind: 'secret', secret: options.tokens.hmacSecret ?? '' }, {
      issuer,
      audience,
      ttlMs: settings.accessTtlMs,
    }),
    claims: opened.hooks.claims ?? createRoleClaims(reader),
    clock,
    ids,
  });
  const guard = opened.hooks.loginGuard ?? everyoneMayTry;
  const shared = { settings, unitOfWork: accountUnitOfWork, reader, hasher, tokens: tokenSource, clock, ids, revoker, guard };
  const mailing = { mailer: mail, texts: { linkOf: mailLinks(options.mail.webUrl) }, background, mailLimit: createMailLimit({ clock }) };

  const { schema, sdl } = await buildAccountsSchema(modules, [
    new SessionResolver({
      registration: createRegistration({ ...shared, ...mailing }),
      login: createLogin({ ...shared, opener, secondFactor: opened.hooks.secondFactor ?? nobodyHasOne }),
      refresh: createRefresh({ ...shared, opener }),
      sessions: createSessionManagement(shared),
      passwords: createPasswordManagement({ ...shared, ...mailing }),
    }),
    new UserResolver({ reader, users: createUserManagement(shared), rotateKeys }),
    ...opened.modules.flatMap((module) => module.resolvers),
  ]);

  aroundMutations<AccountsContext>(schema, ({ identity, sync }, resolve, name) => {
    // A key acts for its user elsewhere; what it may do must not grow by what it does here.
    if (identity?.apiKeyId !== undefined) throw new NotWithApiKey();
    return sync === undefined || UNTOLD.has(name) ? resolve() : recordWrites((position) => sync.wrote(position), resolve);
  });
  // What is done is written by the use cases, with their own transactions.
  if (opened.hooks.auditSink) auditOperations(schema, { sink: opened.hooks.auditSink, authorizer: undefined, subgraph: ACCOUNTS, clock });

  let housekeeping: NodeJS.Timeout | undefined;
  const keepHouse = (): void => {
    const work = async (): Promise<void> => {
      await ring?.current();
      await deleteExpired(store, clock);
    };
    background.run('housekeeping', work);
  };
  const subgraph = defineSubgraph({
    name: ACCOUNTS,
    sdl,
    schema,
    createContext: createAccountsContext({ reader, authorizer, subgraph: ACCOUNTS }),
    async start() {
      await ring?.current();
      await authorizer.start();
      await revocations.publishAll();
      await consumers.start();
      await running.start();
      auditor.start();
      jobRunner.start();
      for (const module of opened.modules) await module.start?.();
      housekeeping = setInterval(keepHouse, HOUSEKEEPING_MS).unref();
    },
    health: () => Promise.all([store.health(), graph.health(), cache.health(), bus.health()]),
    async close() {
      clearInterval(housekeeping);
      for (const module of opened.modules.toReversed()) await module.close?.();
      await authorizer.close();
      await background.idle();
      mail.close();
      revocations.stop();
      await Promise.all([auditor.stop(), jobRunner.stop()]);
      await consumers.close();
      await running.stop();
      await store.close();
    },
  });
  return {
    ...subgraph,
    reader,
    relay: running,
    authorizer,
    keys,
    documents: wellKnownDocuments(keys, options.publicUrl),
    outbox: mail.mails,
    rotateKeys,
    apiKeyResolver: opened.hooks.apiKeyResolver,
    makeFirstAdministrator: createFirstAdministrator(shared),
    idle: () => background.idle(),
  };
}

const noKeys = Promise.resolve({ keys: [] });

async function openModules(modules: readonly AccountsModule[], deps: ModuleDependencies) {
  const opened = [];
  for (const module of modules) opened.push(await module.open({ ...deps, logger: deps.logger.child({ module: module.name }) }));
  const hooks: AccountsHooks = Object.assign({}, ...opened.map((module) => module.hooks ?? {}));
  return { modules: opened, hooks };
}

/** Without a module that counts attempts. */
const everyoneMayTry = {
  admit: () => Promise.resolve(),
  failed: () => Promise.resolve(),
  succeeded: () => Promise.resolve(),
  unlock: () => Promise.resolve(),
};

/** Without a module that has second factors. */
const nobodyHasOne = { isRequired: () => Promise.resolve(false), verify: () => Promise.resolve(null) };

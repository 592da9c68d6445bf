import type { ApiKeyResolver, AuditSink, PolicyAuthorizer } from '@loomgraph/auth';
import type { Clock, IdSource } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import type { Bus } from '@loomgraph/stores/bus';
import type { Cache } from '@loomgraph/stores/cache';
import type { Migration, RelationalStore } from '@loomgraph/stores/relational';
import type { Consumer, Projection, RecordType, UnitOfWork } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { Sealer } from './adapters/sealer.js';
import type { AccountReader, ClaimsSource, LoginGuard, PasswordHasher, Revocations, SecondFactor, TokenSource } from './domain/ports.js';
import type { ThrottleSettings } from './domain/security/login-throttle.js';
import type { SchemaPart } from './graphql/schema.js';
import type { WriteAudit } from './store/audited.js';

/**
 * A part of the subgraph that somebody else writes: permissions, security. What it is made of is known without a store, so that the schema can be
 * printed and the database migrated; `open` makes it run.
 *
 * A new one is a file with a definition and a line in `product-modules.ts`.
 */
export interface AccountsModule extends SchemaPart {
  readonly name: string;
  readonly entities: readonly unknown[];
  /** Permissions' are named from `0010-`, security's from `0020-`. */
  readonly migrations: readonly Migration[];
  /** Records of it that projections are derived from. */
  readonly records: readonly RecordType[];
  open(deps: ModuleDependencies): Promise<OpenModule>;
}

export interface ModuleDependencies {
  /** The database of accounts, migrated. */
  readonly store: RelationalStore;
  /** The only way to write to it. */
  readonly unitOfWork: UnitOfWork;
  readonly stores: StoreSet;
  readonly cache: Cache;
  readonly bus: Bus;
  readonly accounts: AccountReader;
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly revocations: Revocations;
  /** Who may do what; it reads this database. */
  readonly authorizer: PolicyAuthorizer;
  /** Into the audit log, with a transaction; does nothing where no module keeps one. */
  readonly audit: WriteAudit;
  /** A key of its own for what it encrypts. */
  readonly sealerFor: (purpose: string) => Sealer;
  /** How often somebody may try to sign in. */
  readonly throttle: ThrottleSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a module gives to the use cases of users; of several modules that give the same the last one counts. */
export interface AccountsHooks {
  /** What access tokens say about a user. */
  readonly claims?: ClaimsSource;
  readonly loginGuard?: LoginGuard;
  readonly secondFactor?: SecondFactor;
  /** Into the audit log, with the transaction that is told of, after its other writes. */
  readonly audit?: WriteAudit;
  /** Who an API key speaks for; the gateway asks it. */
  readonly apiKeyResolver?: ApiKeyResolver;
  /** Where this subgraph sends what belongs into the audit log and is no part of a transaction. */
  readonly auditSink?: AuditSink;
}

export interface OpenModule {
  /** Instances of the resolver classes. */
  readonly resolvers: readonly object[];
  readonly hooks?: AccountsHooks;
  readonly projections?: readonly Projection[];
  readonly consumers?: readonly Consumer[];
  start?(): Promise<void>;
  close?(): Promise<void>;
}

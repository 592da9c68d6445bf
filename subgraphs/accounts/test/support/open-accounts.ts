import { randomUUID } from 'node:crypto';
import type { Identity } from '@loomgraph/auth';
import { createTokenVerifier } from '@loomgraph/auth';
import { loadConfig, defineConfig, accountsSettings, type Environment } from '@loomgraph/config';
import type { Clock } from '@loomgraph/core';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { createLocalHost, realRecords, type SubgraphExecutor } from '@loomgraph/testing';
import type { ExecutionResult } from 'graphql';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import mysql from 'mysql2/promise';
import { createAccountsSubgraph, type AccountsDependencies, type AccountsSubgraph } from '../../src/app.js';
import type { StoredRevocation } from '../../src/domain/ports.js';
import { accountsOptions } from '../../src/options.js';

export const SECRET = 'a secret of the tests, at least 32 bytes long';

/** A clock that a test sets. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = new Date('2026-03-01T08:00:00.000Z')): TestClock {
  let now = start.getTime();
  return { now: () => new Date(now), advance: (ms) => void (now += ms) };
}

export interface OpenAccounts extends AsyncDisposable {
  readonly subgraph: AccountsSubgraph;
  readonly host: SubgraphExecutor;
  readonly stores: StoreSet;
  readonly clock: TestClock;
  readonly revoked: readonly StoredRevocation[];
  readonly logger: ReturnType<typeof createMemoryLogger>;
  send(query: string, variables?: Record<string, unknown>, identity?: Identity | null, clientAddress?: string): Promise<ExecutionResult>;
  /** The data of an operation that must have no errors. */
  data(query: string, variables?: Record<string, unknown>, identity?: Identity | null): Promise<any>; // eslint-disable-line
  /** The code and reason of the only error. */
  refusal(query: string, variables?: Record<string, unknown>, identity?: Identity | null): Promise<{ code: unknown; reason: unknown }>;
  /** Claims of an access token, verified by the published keys. */
  claims(accessToken: string): Promise<JWTPayload>;
  identity(accessToken: string): Promise<Identity>;
  /** The token in the newest mail of the kind to the address. */
  mailed(email: string, kind: string): Promise<string>;
  /** Registers and confirms; answers the id. */
  user(email: string, password?: string): Promise<string>;
  login(email: string, password?: string): Promise<{ accessToken: string; refreshToken: string; sessionId: string }>;
}

export const PASSWORD = 'correct horse battery';

/** Where the record is kept: embedded, and real ones: see `realRecords`. */
export function recordBackends(suite: string): { readonly name: string; readonly url: string | undefined }[] {
  return [{ name: 'PGlite', url: undefined }, ...realRecords(suite)];
}

/** Cheap hashes, so that tests sign in by the hundred. */
const cheap = { ARGON2_MEMORY: '8kb', ARGON2_PASSES: '1' };

export async function openAccounts(
  options: {
    readonly url?: string | undefined;
    readonly env?: Environment;
    readonly overrides?: Partial<AccountsDependencies>;
    readonly dataDir?: string;
    /** Of another one, which keeps them: a database takes seconds to make. */
    readonly stores?: StoreSet;
  } = {},
): Promise<OpenAccounts> {
  await using opened = new AsyncDisposableStack();
  const { url, env = {}, overrides = {}, dataDir = 'memory://' } = options;
  const namespace = `t${randomUUID().replaceAll('-', '').slice(0, 10)}`;
  if (url !== undefined) opened.defer(() => dropDatabase(url, `loom_${namespace}_accounts`));
  const stores =
    options.stores ??
    opened.use(
      createStoreSet({
        urls: url === undefined ? {} : { relational: url },
        dataDir: 'memory://',
        objects: { publicUrl: 'https://id.test/objects', secret: SECRET },
        ...(url === undefined ? {} : { namespace }),
      }),
    );
  const clock = testClock();
  const logger = createMemoryLogger();
  const revoked: StoredRevocation[] = [];
  const config = loadConfig(defineConfig(accountsSettings), { ...cheap, ACCOUNTS_SECRET: SECRET, ...env });
  const subgraph = opened.use(
    await createAccountsSubgraph({
      stores,
      options: accountsOptions(config, {
        fallbackSecret: undefined,
        jwtSecret: SECRET,
        publicUrl: 'https://id.test',
        dataDir,
        isEmbedded: true,
      }),
      revocations: { revoke: async (entry) => void revoked.push(entry) },
      logger,
      metrics: createMetrics(),
      clock,
      ...overrides,
    }),
  );
  await subgraph.start();
  const host = createLocalHost(subgraph);
  const send: OpenAccounts['send'] = (query, variables = {}, identity = null, clientAddress) =>
    host.execute({ query, variables, request: { identity, requestId: 'test', clientAddress } });
  const data: OpenAccounts['data'] = async (query, variables, identity) => {
    const answer = await send(query, variables, identity);
    if (answer.errors) throw new Error(`${JSON.stringify(answer.errors)}\n${logger.lines.map((line) => JSON.stringify(line)).join('\n')}`);
    return answer.data as unknown;
  };
  const verified = async (token: string): Promise<JWTPayload> => {
    const keys = createLocalJWKSet((await subgraph.keys.read()) as JSONWebKeySet);
    const checks = { issuer: 'https://id.test', audience: 'loomgraph', typ: 'at+jwt', currentDate: clock.now() };
    return (await jwtVerify(token, keys, checks)).payload;
  };
  const mailed: OpenAccounts['mailed'] = async (email, kind) => {
    await subgraph.idle();
    const mail = subgraph.outbox.findLast((mail) => mail.to === email && mail.kind === kind);
    if (!mail) throw new Error(`No mail ${kind} to ${email}: ${JSON.stringify(subgraph.outbox)}`);
    return mail.token ?? '';
  };
  const resources = opened.move();
  return {
    subgraph,
    host,
    stores,
    clock,
    revoked,
    logger,
    send,
    data,
    async refusal(query, variables, identity) {
      const { errors = [] } = await send(query, variables, identity);
      if (errors.length !== 1) throw new Error(`Expected one error: ${JSON.stringify(errors)}`);
      const { code, details } = (errors[0]?.extensions ?? {}) as { code?: unknown; details?: { reason?: unknown } };
      return { code, reason: details?.reason };
    },
    claims: verified,
    async identity(accessToken) {
      await verified(accessToken);
      const jwksUrl = 'https://id.test/.well-known/jwks.json';
      return createTokenVerifier({ jwksUrl, fetch: async () => Response.json(await subgraph.keys.read()), clock }).verify(accessToken);
    },
    mailed,
    async user(email, password = PASSWORD) {
      await data(`mutation($input: RegisterInput!) { register(input: $input) { email } }`, { input: { email, password } });
      const token = await mailed(email, 'verify-email');
      const { verifyEmail } = await data(`mutation($token: String!) { verifyEmail(token: $token) { user { id } } }`, { token });
      return verifyEmail.user.id as string;
    },
    async login(email, password = PASSWORD) {
      const { login } = await data(LOGIN, { input: { email, password } });
      return login as { accessToken: string; refreshToken: string; sessionId: string };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export const LOGIN = `mutation($input: LoginInput!) { login(input: $input) {
  ... on LoginPayload { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt sessionId user { id email roles } }
  ... on SecondFactorRequired { challenge expiresAt } } }`;
export const REFRESH = `mutation($token: String!) { refresh(refreshToken: $token) { accessToken refreshToken sessionId } }`;

async function dropDatabase(url: string, database: string): Promise<void> {
  const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'));
  await connection.query(`drop database if exists \`${database}\``);
  await connection.end();
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signDevelopmentToken } from '@loomgraph/auth';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { startGateway, TOKEN_SECRET, type GatewayProcess } from '../../harness/gateway-process.ts';
import { createRandom } from '../../harness/random.ts';
import type { StoresEnv } from '../../harness/store-env.ts';
import { ROOT } from '../../report/machine.ts';
import type { Topology } from './finding.ts';
import { startCallRecorder } from './attack/call-recorder.ts';
import { createAttackClient, type AttackClient } from './attack/client.ts';
import { makeFixtures, type Fixtures } from './attack/fixtures.ts';
import { startListener, type Listener } from './attack/listener.ts';
import { ADMINISTRATOR, openPeople } from './attack/people.ts';
import type { SubgraphTarget } from './attack/subgraph-target.ts';
import type { Probe, Target } from './attack/target.ts';
import { startSubgraph, type SubgraphProcess } from './processes/subgraph-process.ts';
import { INSPECTABLE, openCollectedHeap, type CollectedHeap } from './watch/collected-heap.ts';
import type { CrashLog } from './watch/crash-log.ts';

/** A running product to be attacked, with all its processes. */
export interface Installation {
  readonly topology: Topology;
  readonly url: string;
  readonly fixtures: Fixtures;
  /** Everything for one attempt of one case: its own addresses, users and names. */
  target(name: string): Target;
  /** Looks into the heap of the gateway. */
  openHeap(): Promise<CollectedHeap>;
  /** Which of its processes have ended, and how. */
  ended(): readonly string[];
  /** @throws Error when the gateway does not shut down cleanly */
  stop(): Promise<void>;
}

/**
 * Settings that differ from the defaults: times and budgets are small, so that what has to run out need not be waited for, and the addresses of
 * this machine are not exempt from them, as it is where the attackers sit. The schema is shown as SECURITY.md tells for production.
 */
const SMALL = {
  REQUEST_TIMEOUT: '1s',
  HEADERS_TIMEOUT: '1s',
  MAX_COST: '5000',
  BUDGET_USER: '150000',
  BUDGET_ADDRESS: '150000',
  BUDGET_EXEMPT: '192.0.2.1',
  INTROSPECTION: 'role',
};
const PROBE: Probe = { selection: 'users(first: 1) { nodes { email } }', path: 'users', query: '{ users(first: 1) { nodes { email } } }' };
const JWKS = (path: string): string => (path.includes('jwks') ? '{"keys":[]}' : '{}');

export async function openInstallation(options: {
  readonly topology: Topology;
  readonly stores: StoresEnv;
  readonly namespace: string | undefined;
  readonly seed: number;
  readonly crashLog: CrashLog;
  readonly resources: AsyncDisposableStack;
}): Promise<Installation> {
  const { topology, stores, namespace, seed, crashLog, resources } = options;
  const root = await mkdtemp(join(tmpdir(), 'loomgraph-abuse-'));
  resources.defer(() => rm(root, { recursive: true, force: true }));
  const folder = (name: string): string => join(root, name);
  const identitySecret = randomBytes(32).toString('base64url');
  const listener = resources.use(await startListener(JWKS));
  const shared = {
    GATEWAY_IDENTITY_SECRET: identitySecret,
    ADMIN_EMAIL: ADMINISTRATOR.email,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    ...(namespace === undefined ? {} : { LOOM_NAMESPACE: namespace }),
  };
  const apart = topology === 'apart' ? await startApart({ stores, shared, folder, crashLog, resources }) : undefined;
  const gateway = await startGateway({
    stores,
    dataDir: folder('gateway'),
    settings: { ...shared, ...INSPECTABLE, ...SMALL, ...apart?.settings },
    onOutput: (text) => crashLog.take('gateway', text),
    ...(namespace === undefined ? {} : { namespace }),
  });
  resources.defer(() => gateway.kill());
  const url = new URL(gateway.url);
  const fixtures = await makeFixtures(gateway.url, tokenOf);
  const people = await openPeople({
    target: url,
    dataDir: folder(apart ? 'accounts' : 'gateway'),
    namespace: topology === 'apart' ? 201 : 200,
  });
  const schema = await readApiSchema();
  const addresses = addressesOf(topology);
  const random = createRandom(seed);

  return {
    topology,
    url: gateway.url,
    fixtures,
    target: (name) =>
      createTarget({
        name,
        topology,
        url,
        addresses,
        random: random.fork(name),
        fixtures,
        listener,
        people,
        schema,
        subgraph: apart?.subgraph,
      }),
    openHeap: () => openCollectedHeap(gateway),
    ended: () => endedOf(gateway, apart?.subgraphs ?? []),
    stop: () => gateway.stop(),
  };
}

function createTarget(
  options: Pick<Target, 'topology' | 'url' | 'random' | 'fixtures' | 'people' | 'schema' | 'subgraph'> & {
    readonly name: string;
    readonly addresses: () => string;
    readonly listener: Listener;
  },
): Target {
  const { name, addresses, url, ...rest } = options;
  // Names are those of slugs and of e-mail addresses, too.
  const tag = `${name.slice(0, 36)}-${randomBytes(4).toString('hex')}`;
  const newClient = (): AttackClient => createAttackClient(url, addresses());
  return {
    ...rest,
    url,
    tag,
    probe: PROBE,
    tokenSecret: TOKEN_SECRET,
    client: newClient(),
    newClient,
    token: ({ userId = tag, roles = [], scopes = [] } = {}) =>
      signDevelopmentToken({ secret: TOKEN_SECRET, userId, roles, scopes, ttlSeconds: 3_600 }),
  };
}

/** Accounts and templates as servers of their own, with somebody listening between the gateway and templates. */
async function startApart(options: {
  readonly stores: StoresEnv;
  readonly shared: Readonly<Record<string, string>>;
  readonly folder: (name: string) => string;
  readonly crashLog: CrashLog;
  readonly resources: AsyncDisposableStack;
}): Promise<{
  readonly settings: Readonly<Record<string, string>>;
  readonly subgraphs: readonly SubgraphProcess[];
  readonly subgraph: SubgraphTarget;
}> {
  const { stores, shared, folder, crashLog, resources } = options;
  const start = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<SubgraphProcess> =>
    resources.use(
      await startSubgraph({
        name,
        settings: { ...stores, ...shared, ...more, LOOM_DATA_DIR: folder(name) },
        onOutput: (text) => crashLog.take(name, text),
      }),
    );
  const [accounts, templates] = await Promise.all([
    start('accounts', { ACCOUNTS_SECRET: randomBytes(32).toString('base64url') }),
    start('templates'),
  ]);
  const recorder = resources.use(await startCallRecorder(templates.url));
  return {
    settings: {
      SUBGRAPH_ACCOUNTS_URL: accounts.url,
      SUBGRAPH_TEMPLATES_URL: recorder.url,
      JWKS_URL: new URL('/.well-known/jwks.json', accounts.url).href,
    },
    subgraphs: [accounts, templates],
    subgraph: {
      name: templates.name,
      identitySecret: shared['GATEWAY_IDENTITY_SECRET'] ?? '',
      client: createAttackClient(new URL(templates.url), '127.0.0.1'),
      recorded(text) {
        const call = recorder.calls.findLast(({ body }) => body.includes(text));
        if (!call) throw new Error(`The gateway made no call with ${text} in it.`);
        return call;
      },
    },
  };
}

function endedOf(gateway: GatewayProcess, subgraphs: readonly SubgraphProcess[]): readonly string[] {
  const ends = [{ name: 'gateway', how: gateway.ended() }, ...subgraphs.map(({ name, ended }) => ({ name, how: ended() }))];
  return ends.flatMap(({ name, how }) => (how === undefined ? [] : [`the process of ${name} ended: ${how}`]));
}

/** Each attempt comes from addresses of its own, so that no throttle or budget of another one is in its way. */
function addressesOf(topology: Topology): () => string {
  let next = 0;
  return () => {
    next++;
    return `127.${(topology === 'apart' ? 100 : 10) + (next >> 16)}.${(next >> 8) & 255}.${next & 255 || 255}`;
  };
}

const tokenOf = (userId: string, roles: readonly string[]): Promise<string> =>
  signDevelopmentToken({ secret: TOKEN_SECRET, userId, roles, ttlSeconds: 3_600 });

/** What anybody knows of the API. */
async function readApiSchema(): Promise<GraphQLSchema> {
  return buildSchema(await readFile(`${ROOT}/gateway/api.graphql`, 'utf8'));
}

import { createConfiguredEmbedder } from '@loomgraph/ai';
import { createBusAuditSink, createIdentityVerifier, openAuthorizer, signDevelopmentToken } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { openGateway } from '@loomgraph/gateway';
import { processConfig } from '@loomgraph/gateway/process';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { createHttpHost, type Subgraph } from '@loomgraph/subgraph-kit';
import type { AccountsSubgraph } from '@loomgraph/subgraph-accounts';
import { createOperationsSubgraph } from '@loomgraph/subgraph-operations';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '@loomgraph/subgraph-templates';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { openEngines } from '@loomgraph/sync';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { randomUUID } from 'node:crypto';
import { dropNamespace } from '../../tools/namespace/index.ts';
import type { Deployment } from './deployments.js';

export const SECRET = 'a secret of the tests, at least 32 bytes long';

/** Scenarios sign in again and again; what hashes cost by default the processes of `e2e/guard` show. */
export const CHEAP_HASHES = { ARGON2_MEMORY: '8kb', ARGON2_PASSES: '1' };

export interface GraphQLAnswer {
  readonly status: number;
  readonly data: any; // eslint-disable-line -- what a scenario asked for, it reads
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[];
  readonly extensions?: Record<string, any>; // eslint-disable-line -- as data
  readonly headers: Headers;
}

export interface RunningDeployment extends AsyncDisposable {
  readonly url: string;
  readonly templates: TemplatesSubgraph;
  /** In the gateway's process, unless the scenario runs one of its own. */
  readonly accounts: AccountsSubgraph;
  readonly stores: StoreSet;
  /** What its names on real stores begin with. */
  readonly namespace: string;
  /** Sends an operation to the gateway over HTTP, as `user` where one is given. */
  send(
    query: string,
    variables?: Record<string, unknown>,
    as?: Caller,
    more?: { extensions?: object; headers?: Record<string, string> },
  ): Promise<GraphQLAnswer>;
  /** The data of an operation that must have no errors. */
  data(query: string, variables?: Record<string, unknown>, as?: Caller): Promise<any>; // eslint-disable-line
  /** As `data`, for an operation of a `.graphql` file: its answer and variables are typed by the schema. */
  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, as?: Caller): Promise<Data>;
  /** Waits until every projection has caught up. */
  quiet(): Promise<void>;
}

/** Somebody with a development token, or with the access token they were given. */
export interface Caller {
  readonly userId: string;
  readonly roles?: readonly string[];
  readonly accessToken?: string;
}
export const admin: Caller = { userId: '1', roles: ['admin'] };

/** Runs the product as the deployment says, on stores of its own. @param remoteAccounts the one that `extraEnv` names by SUBGRAPH_ACCOUNTS_URL */
export async function deploy(
  deployment: Deployment,
  extraEnv: Record<string, string> = {},
  remoteAccounts?: AccountsSubgraph,
): Promise<RunningDeployment> {
  await using opened = new AsyncDisposableStack();
  const namespace = `e2e${randomUUID().slice(0, 6)}`;
  const env = {
    LOOM_DATA_DIR: 'memory://',
    LOOM_DEMO: 'false',
    PORT: '0',
    LOG_LEVEL: 'warn',
    JWT_SECRET: SECRET,
    GATEWAY_IDENTITY_SECRET: SECRET,
    // A hundred writers of one record wait for each other; what is tested is what they come to.
    SUBGRAPH_TIMEOUT: '60s',
    REQUEST_TIMEOUT: '90s',
    ...CHEAP_HASHES,
    ...(Object.keys(deployment.stores).length > 0
      ? {
          LOOM_NAMESPACE: namespace,
          MYSQL_POOL_SIZE: '20',
          POSTGRES_POOL_SIZE: '10',
        }
      : {}),
    ...deployment.stores,
    ...extraEnv,
  };
  if (Object.keys(deployment.stores).length > 0) opened.defer(async () => void (await dropNamespace(deployment.stores, namespace)));
  const logger = createMemoryLogger();

  let remote: { templates: TemplatesSubgraph; stores: StoreSet; env: Record<string, string> } | undefined;
  if (deployment.remote) {
    const config = loadConfig(processConfig, env);
    const metrics = createMetrics();
    const { urls, pools, dataDir } = config.stores;
    const stores = opened.use(
      createStoreSet({ urls, pools, dataDir, ...(config.stores.namespace ? { namespace: config.stores.namespace } : {}) }),
    );
    const auditSink = opened.use(createBusAuditSink({ bus: await stores.bus(), source: 'templates', logger, metrics }));
    // As their own processes open it: an embedded record is another process's, and roles of tokens count.
    const authorizer = opened.use(
      openAuthorizer({
        database: urls.relational === undefined ? undefined : await openEngines(stores, ['accounts'])('accounts'),
        bus: await stores.bus(),
        logger,
        metrics,
      }),
    );
    const embedder = createConfiguredEmbedder(config.ai, { metrics, logger });
    const templates = opened.use(await createTemplatesSubgraph({ stores, logger, metrics, auditSink, embedder, authorizer }));
    await templates.start();
    const operations = opened.use(await createOperationsSubgraph({ stores, subgraphs: [templates.name], authorizer }));
    const serve = async (subgraph: Subgraph): Promise<string> => {
      const identityVerifier = createIdentityVerifier({ secret: SECRET, audience: subgraph.name });
      return opened.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, port: 0 })).url;
    };
    remote = {
      templates,
      stores,
      env: { SUBGRAPH_TEMPLATES_URL: await serve(templates), SUBGRAPH_URLS: `operations=${await serve(operations)}` },
    };
  }

  const config = loadConfig(processConfig, { ...env, ...remote?.env });
  const running = opened.use(await openGateway({ config, logger, metrics: createMetrics({ defaultMetrics: true }) }));
  const url = await running.gateway.listen({ host: '127.0.0.1', port: 0 });
  const templates = remote?.templates ?? running.subgraphs.templates;
  if (!templates) throw new Error('No templates subgraph.');
  const accounts = running.subgraphs.accounts ?? remoteAccounts;
  if (!accounts) throw new Error('No accounts subgraph.');

  const send: RunningDeployment['send'] = async (query, variables, as, { extensions, headers } = {}) => {
    const token = as && (as.accessToken ?? (await signDevelopmentToken({ secret: SECRET, userId: as.userId, roles: as.roles ?? [] })));
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      body: JSON.stringify({ query, variables, extensions }),
    });
    return { status: response.status, headers: response.headers, ...((await response.json()) as { data: unknown }) };
  };
  const data: RunningDeployment['data'] = async (query, variables, as) => {
    const answer = await send(query, variables, as);
    if (!answer.errors) return answer.data as unknown;
    const log = logger.lines.map((line) => JSON.stringify(line)).join('\n');
    throw new Error(`${JSON.stringify(answer.errors, null, 1)}\n${log.slice(-4000)}`);
  };
  const resources = opened.move();
  return {
    url,
    templates,
    accounts,
    stores: remote?.stores ?? running.subgraphs.stores,
    namespace,
    send,
    data,
    run: async (document, variables, as) => (await data(print(document), variables as Record<string, unknown>, as)) as never, // what the document is typed to answer
    async quiet() {
      if (!(await templates.relay.whenQuiet(30_000)))
        throw new Error(`Not quiet after 30 s: ${JSON.stringify(await templates.relay.status())}`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

import { createConfiguredEmbedder, createEmbedderFor } from '@loomgraph/ai';
import { createBusAuditSink, openAuthorizer, type AuditSink, type Authorizer, type RevocationList } from '@loomgraph/auth';
import type { Health } from '@loomgraph/core';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { accountsOptions, createAccountsSubgraph, ensureAdministrator, type AccountsSubgraph } from '@loomgraph/subgraph-accounts';
import { createOperationsSubgraph, OPERATIONS } from '@loomgraph/subgraph-operations';
import { createConfiguredAnalyser, createResumesSubgraph, RESUMES, restRoutes, type ResumesSubgraph } from '@loomgraph/subgraph-resumes';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '@loomgraph/subgraph-templates';
import { openEngines, SyncTokens, TargetLimits } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { SubgraphSource } from '../supergraph/subgraph-source.js';
import type { ProcessConfig } from './config.js';
import type { RestSettings } from '../rest/rest-settings.js';
import { publicUrlOf } from './public-url.js';
import { followRevocations } from './open-revocations.js';

/** The subgraphs of a process: those with a URL are remote, the others run here on the configured stores. */
export interface LocalSubgraphs extends AsyncDisposable {
  readonly sources: readonly SubgraphSource[];
  readonly stores: StoreSet;
  /** Where this process sends what belongs into the audit log. */
  readonly auditSink: AuditSink;
  /** Shared with every process on the same cache. */
  readonly revocations: RevocationList;
  /** What the subgraphs here ask, too. */
  readonly authorizer: Authorizer;
  /** Undefined where it is remote. */
  readonly templates: TemplatesSubgraph | undefined;
  /** Undefined where it is remote. */
  readonly resumes: ResumesSubgraph | undefined;
  /** Undefined where it is remote. */
  readonly accounts: AccountsSubgraph | undefined;
  /** Where it runs instead. */
  readonly accountsUrl: string | undefined;
  /** The file with the password of the administrator that this start made. */
  readonly administratorFile: string | undefined;
  /** What is served by REST over their operations, wherever they run. */
  readonly rest: RestSettings;
  /** Starts their background work. */
  start(): Promise<void>;
  health(): Promise<readonly Health[]>;
  close(): Promise<void>;
}

/**
 * Subgraphs of the product with a system of record, and so with a sync engine: `operations` shows and commands all of them, and whoever reads
 * projections finds their databases by these names.
 */
const ENGINES: readonly string[] = ['accounts', 'templates', RESUMES];

/** The only file of the gateway that knows subgraphs by their packages. */
export async function openLocalSubgraphs(options: {
  readonly config: ProcessConfig;
  /** The claimed data folder. */
  readonly dataDir: string;
  /** Of the data folder: signs what this process hands out, and encrypts what it keeps where nothing else is configured. */
  readonly localSecret: string;
  /** Verifies and, where it is configured so, signs HS256 access tokens. */
  readonly jwtSecret: string | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Promise<LocalSubgraphs> {
  const { config, dataDir, logger, metrics } = options;
  await using opened = new AsyncDisposableStack();
  const publicUrl = publicUrlOf(config);
  const stores = opened.use(
    createStoreSet({
      urls: config.stores.urls,
      dataDir,
      pools: config.stores.pools,
      objects: {
        publicUrl: `${publicUrl}/objects`,
        secret: options.localSecret,
      },
      ...(config.stores.namespace === undefined ? {} : { namespace: config.stores.namespace }),
    }),
  );
  const auditSink = opened.use(createBusAuditSink({ bus: await stores.bus(), source: config.server.instance, logger, metrics }));
  const revocations = await followRevocations({ store: await stores.cache(), resources: opened, logger, metrics });
  const { accountsUrl, templatesUrl, relationshipsUrl, resumesUrl, operationsUrl, others } = remotesOf(config);
  const sources: SubgraphSource[] = [...others];
  const local: { start(): Promise<void> }[] = [];
  /** Engines that run here. */
  const engines: string[] = [];
  // One for all of them, so that none takes the stores for itself.
  const limits = new TargetLimits();

  let accounts: AccountsSubgraph | undefined;
  let administratorFile: string | undefined;
  if (accountsUrl) {
    sources.push({ kind: 'remote', name: 'accounts', url: accountsUrl });
  } else {
    const accountsLogger = logger.child({ subgraph: 'accounts' });
    accounts = opened.use(
      await createAccountsSubgraph({
        stores,
        options: accountsOptions(config.accounts, {
          fallbackSecret: options.localSecret,
          jwtSecret: options.jwtSecret,
          publicUrl,
          dataDir,
          isEmbedded: config.stores.urls.relational === undefined,
        }),
        revocations,
        logger: accountsLogger,
        metrics,
        relay: { limits },
      }),
    );
    engines.push('accounts');
    administratorFile = await ensureAdministrator(accounts, { ...config.accounts.administrator, dataDir, logger: accountsLogger });
    sources.push({ kind: 'local', subgraph: accounts });
    local.push(accounts);
  }

  const authorizer =
    accounts?.authorizer ??
    opened.use(
      openAuthorizer({
        database: config.stores.urls.relational ? await openEngines(stores, ENGINES)('accounts') : undefined,
        bus: await stores.bus(),
        logger,
        metrics,
      }),
    );

  // One for all: what it remembers is the memory of this process.
  const embedder = createConfiguredEmbedder(config.ai, { metrics, logger });
  const embedderFor = createEmbedderFor(config.ai, { metrics, logger });

  let templates: TemplatesSubgraph | undefined;
  if (templatesUrl) {
    sources.push({ kind: 'remote', name: 'templates', url: templatesUrl });
  } else {
    templates = opened.use(
      await createTemplatesSubgraph({
        stores,
        embedder,
        embedderFor,
        logger: logger.child({ subgraph: 'templates' }),
        metrics,
        auditSink,
        authorizer,
        relay: { limits },
      }),
    );
    engines.push('templates');
    sources.push({ kind: 'local', subgraph: templates });
    local.push(templates);
  }

  let resumes: ResumesSubgraph | undefined;
  if (resumesUrl) {
    sources.push({ kind: 'remote', name: RESUMES, url: resumesUrl });
  } else {
    resumes = opened.use(
      await createResumesSubgraph({
        stores,
        options: config.resumes,
        embedder,
        embedderFor,
        analyser: createConfiguredAnalyser({ provider: config.ai, analyser: config.resumes.analyser }, { metrics }),
        logger: logger.child({ subgraph: RESUMES }),
        metrics,
        auditSink,
        authorizer,
        relay: { limits },
      }),
    );
    engines.push(RESUMES);
    sources.push({ kind: 'local', subgraph: resumes });
    local.push(resumes);
  }

  if (relationshipsUrl) {
    sources.push({ kind: 'remote', name: 'relationships', url: relationshipsUrl });
  } else if (config.stores.urls.neo4j) {
    // Loaded only where Neo4j is configured: its library takes longer to import than everything else.
    const { createRelationshipsSubgraph } = await import('@loomgraph/subgraph-relationships');
    const relationships = opened.use(
      await createRelationshipsSubgraph({
        neo4jUrl: config.stores.urls.neo4j,
        syncTokens:
          templates?.syncTokens ?? (config.stores.urls.relational ? new SyncTokens({ open: openEngines(stores, ENGINES) }) : undefined),
        logger: logger.child({ subgraph: 'relationships' }),
        metrics,
        poolSize: config.stores.pools.neo4j.maxConnections,
        // The labels of the graph it reads carry the prefix the graph store gave them.
        ...(config.stores.namespace === undefined ? {} : { labelPrefix: `${config.stores.namespace}_` }),
      }),
    );
    sources.push({ kind: 'local', subgraph: relationships });
    local.push(relationships);
  }

  if (operationsUrl) {
    sources.push({ kind: 'remote', name: OPERATIONS, url: operationsUrl });
  } else {
    // An embedded record belongs to the process that runs its subgraph: those of others cannot be looked into from here.
    const known = config.stores.urls.relational ? ENGINES : engines;
    if (known.length > 0)
      sources.push({
        kind: 'local',
        subgraph: opened.use(await createOperationsSubgraph({ stores, subgraphs: known, auditSink, authorizer })),
      });
  }

  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return {
    sources,
    stores,
    auditSink,
    revocations,
    authorizer,
    templates,
    resumes,
    rest: { routes: restRoutes, maxFileBytes: config.resumes.maxFileBytes, publicUrl },
    accounts,
    accountsUrl,
    administratorFile,
    async start() {
      for (const subgraph of local) await subgraph.start();
    },
    health: () => stores.health(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** `SUBGRAPH_URLS` may name subgraphs of the product, too; their own settings come first. */
function remotesOf({ subgraphs }: ProcessConfig) {
  const urlOf = (wanted: string): string | undefined => subgraphs.urls.find(({ name }) => name === wanted)?.url;
  const others = subgraphs.urls
    .filter(({ name }) => ![OPERATIONS, 'accounts', 'templates', 'relationships', RESUMES].includes(name))
    .map(({ name, url }): SubgraphSource => ({ kind: 'remote', name, url }));
  return {
    accountsUrl: subgraphs.accountsUrl ?? urlOf('accounts'),
    templatesUrl: subgraphs.templatesUrl ?? urlOf('templates'),
    relationshipsUrl: subgraphs.relationshipsUrl ?? urlOf('relationships'),
    resumesUrl: subgraphs.resumesUrl ?? urlOf(RESUMES),
    operationsUrl: urlOf(OPERATIONS),
    others,
  };
}

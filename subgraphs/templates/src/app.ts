import { withEmbeddingCache, type Embedder } from '@loomgraph/ai';
import { createBuiltInAuthorizer, type AuditSink, type Authorizer } from '@loomgraph/auth';
import { systemClock, uuidSource, type Clock, type IdSource } from '@loomgraph/core';
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
  SyncTokens,
  type AuditorOptions,
  type EmbeddingModel,
  type Projection,
  type RelayOptions,
} from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { createTemplateGraph } from './adapters/relationship-graph.js';
import { createTemplateCache } from './adapters/template-cache.js';
import { usageRollup } from './adapters/usage-rollup.js';
import { userData } from './adapters/user-data.js';
import { createVectorTemplateSearch } from './adapters/vector-search.js';
import { createLoadDemo, type LoadDemo } from './demo/load-demo.js';
import { createHotTemplates } from './domain/hot-templates.js';
import { createImportTemplates, type ImportTemplates } from './domain/import-templates.js';
import { createCategoryManagement, type CategoryManagement } from './domain/manage-categories.js';
import { createTemplateManagement, type TemplateManagement } from './domain/manage-templates.js';
import type { TemplateReader } from './domain/ports.js';
import { createRateTemplate } from './domain/rate-template.js';
import { createRecommendTemplates } from './domain/recommend-templates.js';
import { createRelateTemplates } from './domain/relate-templates.js';
import { createSearchTemplates } from './domain/search-templates.js';
import { createUseTemplate, type UseTemplate } from './domain/use-template.js';
import { createTemplatesContext, type TemplatesContext } from './graphql/context.js';
import { ImportMutation } from './graphql/import.mutation.js';
import { buildTemplatesSchema } from './graphql/schema.js';
import { TemplateRecommendationResolver } from './graphql/recommendation.resolver.js';
import { TemplateSearchResolver } from './graphql/search.resolver.js';
import { TemplateMutations } from './graphql/template.mutations.js';
import { TemplateResolver } from './graphql/template.resolver.js';
import { TemplateSubscriptions } from './graphql/template.subscriptions.js';
import { categoryGraph, templateGraph, userGraph } from './projections/graph.js';
import { templateCacheProjection, templateEntries } from './projections/template-cache.js';
import { openTemplateVectors, templateVectors } from './projections/template-vectors.js';
import { entities } from './store/entities.js';
import { similarTemplatesMigration, templatesMigration } from './store/migrations.js';
import { records } from './store/records.js';
import { createTemplateReader } from './store/template.reader.js';
import { createTemplateUnitOfWork } from './store/template.writer.js';
import { userErasureMigration } from './store/user-erasure.js';

export const TEMPLATES = 'templates';
/** Embeddings deleted per statement, of models that no version was made with. */
const FORGOTTEN_AT_ONCE = 10_000;

export interface TemplatesDependencies {
  readonly stores: StoreSet;
  readonly embedder: Embedder;
  /**
   * Makes the embeddings of a version that another model built, while the new one's are made beside; undefined where it is not to be had any more:
   * that version is then served as it stands.
   */
  readonly embedderFor?: (model: EmbeddingModel) => Embedder | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told of what is denied, and of what administrators change. */
  readonly auditSink?: AuditSink | undefined;
  /** Who may do what; without it the built-in roles of tokens. */
  readonly authorizer?: Authorizer | undefined;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** What of the relay differs from its defaults; `faults` befall consumers, too. */
  readonly relay?: Pick<RelayOptions, 'pollMs' | 'faults' | 'limits' | 'retiredMs'>;
  /** What of the audits differs from their defaults; `off` where something else watches. */
  readonly audit?: Partial<Pick<AuditorOptions, 'depth' | 'repair' | 'recordsPerSecond' | 'cycleMs' | 'restMs' | 'pollMs'>> | 'off';
  /** Wraps each projection before the relay gets it, for drills. */
  readonly adaptProjection?: (projection: Projection) => Projection;
}

/** The templates subgraph with what its own tools (seed, drills) use beside GraphQL. */
export interface TemplatesSubgraph extends Subgraph {
  readonly templates: TemplateManagement;
  readonly categories: CategoryManagement;
  readonly importTemplates: ImportTemplates;
  readonly useTemplate: UseTemplate;
  readonly rateTemplate: ReturnType<typeof createRateTemplate>;
  readonly reader: TemplateReader;
  readonly relay: Relay;
  /** For readers of this subgraph's projections in other subgraphs of this process. */
  readonly syncTokens: SyncTokens;
  readonly loadDemo: LoadDemo;
}

export async function createTemplatesSubgraph(dependencies: TemplatesDependencies): Promise<TemplatesSubgraph> {
  const { stores, embedder, logger, metrics, clock = systemClock, ids = uuidSource, authorizer = createBuiltInAuthorizer() } = dependencies;
  const store = await stores.relational({
    name: TEMPLATES,
    entities: [...entities, OutboxRow],
    migrations: [...syncMigrations, templatesMigration, similarTemplatesMigration, userErasureMigration],
    subscribers: [new ChangeCapture(records)],
  });
  await store.migrate();
  // Text that was embedded before costs no call: a rebuild asks only for what is new. Queries are remembered in memory only, by the embedder itself.
  const embeddings = await stores.embeddings();
  const remembering = (one: Embedder): Embedder => withEmbeddingCache(one, { store: embeddings, logger });
  const [vectors, graph, cache, bus] = await Promise.all([
    openTemplateVectors({
      store,
      stores,
      embedder: remembering(embedder),
      embedderFor: (model) => {
        const earlier = dependencies.embedderFor?.(model);
        return earlier && remembering(earlier);
      },
      async onDropped(inUse) {
        const models = inUse.map(({ name, version, dimensions }) => `${name}/${version}/${dimensions}`);
        while ((await embeddings.keepModels(models, FORGOTTEN_AT_ONCE)) > 0);
      },
    }),
    stores.graph(['Template', 'Category', 'User']),
    stores.cache(),
    stores.bus(),
  ]);

  const entries = templateEntries({ cache, store });

  const syncTokens = new SyncTokens({ open: (subgraph) => (subgraph === TEMPLATES ? Promise.resolve(store) : undefined) });
  const projections = [
    ...templateVectors(vectors),
    templateGraph({ graph, index: vectors.reader, store }),
    categoryGraph({ graph }),
    userGraph({ graph }),
    ...templateCacheProjection({ cache, entries }),
  ].map(dependencies.adaptProjection ?? ((projection) => projection));
  const engine = { store, projections, records, subgraph: TEMPLATES, logger, metrics };
  const relay = new Relay({ ...engine, bus, onApplied: syncTokens.wake, ...dependencies.relay });
  const { audit = {} } = dependencies;
  const auditor = audit === 'off' ? undefined : new Auditor({ ...engine, ...audit });

  const reader = createTemplateReader(store);
  const templateCache = createTemplateCache(cache, entries);
  const unitOfWork = createTemplateUnitOfWork(
    createUnitOfWork(store, () => relay.notify()),
    store,
  );
  const writing = { unitOfWork, clock, ids };
  const templates = createTemplateManagement(writing);
  const categories = createCategoryManagement(writing);
  const importTemplates = createImportTemplates(writing);
  const rateTemplate = createRateTemplate(writing);
  const useTemplate = createUseTemplate(writing);

  const search = createVectorTemplateSearch(vectors, embedder);
  const searchTemplates = createSearchTemplates({ search, reader, cache: templateCache });
  const relate = createRelateTemplates({ graph: createTemplateGraph(graph), reader });
  const { schema, sdl } = await buildTemplatesSchema([
    new TemplateResolver({ reader, hotTemplates: createHotTemplates({ reader, cache: templateCache, clock }) }),
    new TemplateRecommendationResolver({ recommend: createRecommendTemplates({ search: searchTemplates }) }),
    new TemplateSearchResolver({
      search: searchTemplates,
      relate,
      model: {
        get name() {
          return search.model;
        },
        get similarity() {
          return search.similarity;
        },
      },
    }),
    new TemplateMutations({ templates, categories, rateTemplate, useTemplate, cache: templateCache }),
    new ImportMutation(importTemplates),
    new TemplateSubscriptions(),
  ]);

  aroundMutations<TemplatesContext>(schema, ({ sync }, resolve) =>
    sync ? recordWrites((position) => sync.wrote(position), resolve) : resolve(),
  );

  if (dependencies.auditSink) auditOperations(schema, { sink: dependencies.auditSink, authorizer, subgraph: TEMPLATES, clock });

  const users = userData({ store, objects: () => stores.objects(), subgraph: TEMPLATES });
  const { faults } = dependencies.relay ?? {};
  const consumers = new ConsumerHost({
    store,
    bus,
    consumers: [usageRollup(store), users],
    subgraph: TEMPLATES,
    logger,
    metrics,
    ...(faults ? { faults } : {}),
  });
  const jobRunner = new JobRunner({ ...engine, replay: (...replay) => consumers.replay(...replay) });
  const subgraph = defineSubgraph({
    name: TEMPLATES,
    sdl,
    schema,
    createContext: createTemplatesContext({ reader, cache: templateCache, relate, authorizer, subgraph: TEMPLATES, syncTokens }),
    async start() {
      await consumers.start();
      await relay.start();
      auditor?.start();
      jobRunner.start();
    },
    health: () => Promise.all([store.health(), vectors.reader.health(), graph.health(), cache.health(), bus.health()]),
    async close() {
      await Promise.all([auditor?.stop(), jobRunner.stop()]);
      await consumers.close();
      await relay.stop();
      await store.close();
    },
  });
  const loadDemo = createLoadDemo({ reader, importTemplates, rateTemplate, useTemplate });
  return { ...subgraph, templates, categories, importTemplates, useTemplate, rateTemplate, reader, relay, syncTokens, loadDemo };
}

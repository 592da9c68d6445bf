import type { Embedder } from '@loomgraph/ai';
import { systemClock, uuidSource, type Clock, type IdSource } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import { defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import { ChangeCapture, createUnitOfWork, OutboxRow, Relay, syncMigrations } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { createTemplateGraph } from './adapters/relationship-graph.js';
import { createTemplateCache } from './adapters/template-cache.js';
import { subscribeUsageRollup } from './adapters/usage-rollup.js';
import { createVectorTemplateSearch } from './adapters/vector-search.js';
import { createLoadDemo, type LoadDemo } from './demo/load-demo.js';
import { createHotTemplates } from './domain/hot-templates.js';
import { createImportTemplates, type ImportTemplates } from './domain/import-templates.js';
import { createCategoryManagement, type CategoryManagement } from './domain/manage-categories.js';
import { createTemplateManagement, type TemplateManagement } from './domain/manage-templates.js';
import type { TemplateReader } from './domain/ports.js';
import { createRateTemplate } from './domain/rate-template.js';
import { createRelateTemplates } from './domain/relate-templates.js';
import { createSearchTemplates } from './domain/search-templates.js';
import { createUseTemplate, type UseTemplate } from './domain/use-template.js';
import { createTemplatesContext } from './graphql/context.js';
import { ImportMutation } from './graphql/import.mutation.js';
import { buildTemplatesSchema } from './graphql/schema.js';
import { TemplateSearchResolver } from './graphql/search.resolver.js';
import { TemplateMutations } from './graphql/template.mutations.js';
import { TemplateResolver } from './graphql/template.resolver.js';
import { categoryGraph, templateGraph, userGraph } from './projections/graph.js';
import { templateCacheProjection } from './projections/template-cache.js';
import { templateCollection, templateVectors } from './projections/template-vectors.js';
import { entities } from './store/entities.js';
import { templatesMigration } from './store/migrations.js';
import { records } from './store/records.js';
import { createTemplateReader } from './store/template.reader.js';
import { createTemplateUnitOfWork } from './store/template.writer.js';

export const TEMPLATES = 'templates';

export interface TemplatesDependencies {
  readonly stores: StoreSet;
  readonly embedder: Embedder;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** Longest wait of the relay for a change nobody told it of. */
  readonly relayPollMs?: number;
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
  readonly loadDemo: LoadDemo;
}

export async function createTemplatesSubgraph(dependencies: TemplatesDependencies): Promise<TemplatesSubgraph> {
  const { stores, embedder, logger, metrics, clock = systemClock, ids = uuidSource } = dependencies;
  const store = await stores.relational({
    name: TEMPLATES,
    entities: [...entities, OutboxRow],
    migrations: [...syncMigrations, templatesMigration],
    subscribers: [new ChangeCapture(records)],
  });
  await store.migrate();
  const [index, graph, cache, bus] = await Promise.all([
    stores.vectors(templateCollection(embedder.dimensions)),
    stores.graph(['Template', 'Category', 'User']),
    stores.cache(),
    stores.bus(),
  ]);

  const relay = new Relay({
    store,
    bus,
    records,
    subgraph: TEMPLATES,
    logger,
    metrics,
    projections: [
      templateVectors({ index, embedder }),
      templateGraph({ graph, index }),
      categoryGraph({ graph }),
      userGraph({ graph }),
      templateCacheProjection(cache),
    ],
    ...(dependencies.relayPollMs === undefined ? {} : { pollMs: dependencies.relayPollMs }),
  });

  const reader = createTemplateReader(store);
  const templateCache = createTemplateCache(cache);
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

  const relate = createRelateTemplates({ graph: createTemplateGraph(graph), reader });
  const { schema, sdl } = await buildTemplatesSchema([
    new TemplateResolver({ reader, hotTemplates: createHotTemplates({ reader, cache: templateCache, clock }) }),
    new TemplateSearchResolver({
      search: createSearchTemplates({ search: createVectorTemplateSearch({ index, embedder }), reader, cache: templateCache }),
      relate,
      model: embedder,
    }),
    new TemplateMutations({ templates, categories, rateTemplate, useTemplate, cache: templateCache }),
    new ImportMutation(importTemplates),
  ]);

  let rollup: AsyncDisposable | undefined;
  const subgraph = defineSubgraph({
    name: TEMPLATES,
    sdl,
    schema,
    createContext: createTemplatesContext({ reader, cache: templateCache, relate }),
    async start() {
      rollup = await subscribeUsageRollup(bus, store);
      await relay.start();
    },
    health: () => Promise.all([store.health(), index.health(), graph.health(), cache.health(), bus.health()]),
    async close() {
      await rollup?.[Symbol.asyncDispose]();
      await relay.stop();
      await store.close();
    },
  });
  const loadDemo = createLoadDemo({ reader, importTemplates, rateTemplate, useTemplate });
  return { ...subgraph, templates, categories, importTemplates, useTemplate, rateTemplate, reader, relay, loadDemo };
}

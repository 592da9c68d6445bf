/** Every generated file that is committed, and how it is made from the built packages. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfigDoc, renderEnvExample } from '@loomgraph/config';
import { errorCatalogue } from '@loomgraph/core';
import { renderEventsDoc, renderRecordedSchemas } from '@loomgraph/events';
import { processConfig } from '@loomgraph/gateway/process';
import { accountsConfig, emitSchema as emitAccounts } from '@loomgraph/subgraph-accounts';
import { emitSchema as emitOperations, operationsConfig } from '@loomgraph/subgraph-operations';
import { emitSchema as emitRelationships, relationshipsConfig } from '@loomgraph/subgraph-relationships';
import { emitSchema as emitResumes, resumesConfig } from '@loomgraph/subgraph-resumes';
import { emitSchema as emitTemplates, templatesConfig } from '@loomgraph/subgraph-templates';
import { topics } from '../drill/abuse/cases/all.ts';
import { ROOT } from '../run/launch/paths.mjs';
import { renderAbuseDoc } from './abuse-doc.ts';
import { renderErrorsDoc } from './errors-doc.ts';
import { renderApiSchema, renderSubgraph, renderSupergraph } from './supergraph.ts';

export interface Artifact {
  /** From the root. */
  readonly path: string;
  readonly content: string;
}

/** A variable that several processes read is described where it comes first. */
const configDefinitions = [processConfig, accountsConfig, templatesConfig, relationshipsConfig, resumesConfig, operationsConfig] as const;

const EVENTS = 'shared/events/';
/** What is recorded there already, which only a new version may differ from. */
const readEvents = (path: string): string | undefined => {
  const file = join(ROOT, EVENTS, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** All of them, in memory. Needs no store. */
export async function renderArtifacts(): Promise<readonly Artifact[]> {
  const accounts = { name: 'accounts', sdl: renderSubgraph(await emitAccounts()) };
  const templates = { name: 'templates', sdl: renderSubgraph(await emitTemplates()) };
  const relationships = { name: 'relationships', sdl: renderSubgraph(await emitRelationships()) };
  const resumes = { name: 'resumes', sdl: renderSubgraph(await emitResumes()) };
  const operations = { name: 'operations', sdl: renderSubgraph(await emitOperations()) };
  const supergraph = renderSupergraph([accounts, templates, resumes, operations]);
  return [
    { path: 'subgraphs/accounts/schema.graphql', content: accounts.sdl },
    { path: 'subgraphs/templates/schema.graphql', content: templates.sdl },
    { path: 'subgraphs/relationships/schema.graphql', content: relationships.sdl },
    { path: 'subgraphs/resumes/schema.graphql', content: resumes.sdl },
    { path: 'subgraphs/operations/schema.graphql', content: operations.sdl },
    { path: 'gateway/supergraph.graphql', content: supergraph },
    { path: 'gateway/api.graphql', content: renderApiSchema(supergraph) },
    // Where Neo4j is configured, relationships joins.
    { path: 'gateway/supergraph.neo4j.graphql', content: renderSupergraph([accounts, templates, resumes, operations, relationships]) },
    { path: 'docs/errors.md', content: renderErrorsDoc(errorCatalogue) },
    { path: 'docs/events.md', content: renderEventsDoc() },
    { path: 'docs/abuse-cases.md', content: renderAbuseDoc(topics) },
    ...renderRecordedSchemas(readEvents).map(({ path, content }) => ({ path: EVENTS + path, content })),
    { path: 'docs/config.md', content: renderConfigDoc(configDefinitions) },
    { path: '.env.example', content: renderEnvExample(configDefinitions) },
  ];
}

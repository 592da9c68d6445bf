import { randomUUID } from 'node:crypto';
import { openNeo4jGraph } from '@loomgraph/stores/graph';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/testing';
import type { GraphQLFormattedError } from 'graphql';
import neo4j from 'neo4j-driver';
import { createRelationshipsSubgraph } from '../../src/index.js';
import { graphDocuments } from './graph-documents.js';

export const request = { identity: null, requestId: 'test' };

export interface Asked<Data> {
  /** In the shape the test states. */
  readonly data: Data;
  readonly codes: readonly unknown[];
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

/** The subgraph on a server, over the documents of `graph-documents.ts`. */
export interface OpenRelationships extends AsyncDisposable {
  readonly subgraph: Subgraph;
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Asked<Data>>;
  /** How many statements the subgraph has sent. */
  statements(): Promise<number>;
}

/** Neo4j Community has one database: labels keep suites apart, and are removed in the end. */
export async function openRelationships(neo4jUrl: string): Promise<OpenRelationships> {
  const labelPrefix = `R${randomUUID().slice(0, 8)}_`;
  const metrics = createMetrics();
  const graph = await openNeo4jGraph({ url: neo4jUrl, labels: ['Template', 'Category', 'User'], labelPrefix });
  await graph.apply(graphDocuments());
  await graph.remove('Template', [{ id: 'gone', revision: 2 }]);
  const subgraph = await createRelationshipsSubgraph({ neo4jUrl, labelPrefix, logger: silentLogger, metrics });
  const host = createLocalHost(subgraph);
  const ask = async <Data>(query: string, variables: Record<string, unknown> = {}): Promise<Asked<Data>> => {
    const { data, errors } = await host.execute({ query, variables, request });
    return { data: structuredClone(data) as Data, codes: (errors ?? []).map(({ extensions }) => extensions['code']), errors };
  };
  // Before its first statement in a process, the library asks for the server's version.
  await ask('{ graphTemplates { id } }');
  return {
    subgraph,
    ask,
    async statements() {
      const { body } = await metrics.render();
      const counts = body.matchAll(/^loom_relationships_statement_seconds_count(?:\{.*\})? (\d+)$/gm);
      return [...counts].reduce((sum, match) => sum + Number(match[1]), 0);
    },
    async [Symbol.asyncDispose]() {
      await subgraph.close();
      await graph.close();
      await removeLabels(neo4jUrl, labelPrefix);
    },
  };
}

async function removeLabels(url: string, labelPrefix: string): Promise<void> {
  const { protocol, host, username, password } = new URL(url);
  await using driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });
  await driver.executeQuery('MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH $labelPrefix) DETACH DELETE n', {
    labelPrefix,
  });
  const { records } = await driver.executeQuery(
    'SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE any(label IN labelsOrTypes WHERE label STARTS WITH $labelPrefix) RETURN name',
    { labelPrefix },
  );
  for (const record of records) await driver.executeQuery(`DROP CONSTRAINT \`${String(record.get('name'))}\` IF EXISTS`);
}

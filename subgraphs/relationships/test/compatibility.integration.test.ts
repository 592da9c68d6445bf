import { silentLogger, createMetrics } from '@loomgraph/telemetry';
import { auditSubgraph, GET_REQUESTS, realStore } from '@loomgraph/testing';
import { createRelationshipsSubgraph } from '../src/index.js';
import { openRelationships, type OpenRelationships } from './support/open-relationships.js';

const neo4jUrl = realStore('NEO4J_URL');

/** What gateways of any make ask of a subgraph: https://github.com/apollographql/apollo-federation-subgraph-compatibility. */
describe('relationships as a subgraph', () => {
  it('passes the audit of GraphQL over HTTP, but for GET requests', async () => {
    const neo4jUrl = 'bolt://neo4j:loomloom@127.0.0.1:9';
    const { count, failures } = await auditSubgraph(
      await createRelationshipsSubgraph({ neo4jUrl, logger: silentLogger, metrics: createMetrics() }),
    );
    expect(count).toBeGreaterThan(60);
    expect(failures.map((failure) => failure.slice(0, 8))).toEqual(GET_REQUESTS);
  });

  if (!neo4jUrl) return;
  describe('with its store', () => {
    let run: OpenRelationships;
    beforeAll(async () => {
      run = await openRelationships(neo4jUrl);
    });
    afterAll(() => run?.[Symbol.asyncDispose]());

    it('_service, @link: introspects to its SDL, which says which federation it speaks', async () => {
      const { data } = await run.ask<{ _service: { sdl: string } }>('{ _service { sdl } }');
      expect(data._service.sdl).toContain(run.subgraph.sdl.trim());
      expect(data._service.sdl).toMatch(
        /extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+", import: \[[^\]]*"@key"/,
      );
    });

    it.each([
      ['Template', 't1'],
      ['TemplateCategory', 'c1'],
      ['User', 'u1'],
    ])('@key single: %s by id, in the order asked for, null for what is unknown', async (type, id) => {
      expect(run.subgraph.sdl).toMatch(new RegExp(`^type ${type} [^{]*@key\\(fields: "id"\\)`, 'm'));
      const { data, errors } = await run.ask(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${type} { id } } }`,
        { representations: ['nobody', id, 'nobody', id].map((one) => ({ __typename: type, id: one })) },
      );
      expect(errors).toBeUndefined();
      const found = { __typename: type, id };
      expect(data).toEqual({ _entities: [null, found, null, found] });
    });
  });
});

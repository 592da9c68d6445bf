import { createLexicalEmbedder } from '@loomgraph/ai';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { auditSubgraph, createLocalHost, GET_REQUESTS } from '@loomgraph/testing';
import type { ExecutionResult } from 'graphql';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '../src/app.js';

/** What gateways of any make ask of a subgraph: https://github.com/apollographql/apollo-federation-subgraph-compatibility. */
describe('templates as a subgraph', () => {
  let stores: StoreSet;
  let subgraph: TemplatesSubgraph;
  const ids: Record<string, string> = {};
  const ask = (query: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult> =>
    createLocalHost(subgraph).execute({ query, variables, request: { identity: null, requestId: 'r' } });

  beforeAll(async () => {
    stores = createStoreSet({ urls: {}, dataDir: 'memory://' });
    const embedder = createLexicalEmbedder({ dimensions: 64 });
    subgraph = await createTemplatesSubgraph({ stores, embedder, logger: silentLogger, metrics: createMetrics() });
    const category = await subgraph.categories.create({ slug: 'a', name: 'a' });
    const template = await subgraph.templates.create({ name: 'T', categoryId: category.id }, { userId: 'u1', isAdmin: true });
    ids['TemplateCategory'] = category.id;
    ids['Template'] = template.id;
  }, 60_000);
  // The audit closes the subgraph.
  afterAll(() => stores.close());

  it('_service, @link: introspects to its SDL, which says which federation it speaks', async () => {
    const { data } = await ask('{ _service { sdl } }');
    const { sdl } = (data as { readonly _service: { readonly sdl: string } })._service; // as asked for
    expect(sdl).toContain(subgraph.sdl.trim());
    expect(sdl).toMatch(/extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+", import: \[[^\]]*"@key"/);
  });

  it.each(['Template', 'TemplateCategory'])('@key single: %s by id, in the order asked for, null for what is unknown', async (type) => {
    expect(subgraph.sdl).toMatch(new RegExp(`^type ${type} [^{]*@key\\(fields: "id"\\)`, 'm'));
    const nobody = '00000000-0000-7000-8000-000000000000';
    const result = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${type} { id } } }`,
      { representations: [nobody, ids[type], nobody, ids[type]].map((id) => ({ __typename: type, id })) },
    );
    const found = { __typename: type, id: ids[type] };
    expect(result).toEqual({ data: { _entities: [null, found, null, found] } });
  });

  it('passes the audit of GraphQL over HTTP, but for GET requests', async () => {
    const { count, failures } = await auditSubgraph(subgraph);
    expect(count).toBeGreaterThan(60);
    expect(failures.map((failure) => failure.slice(0, 8))).toEqual(GET_REQUESTS);
  });
});

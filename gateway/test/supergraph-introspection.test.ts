import { buildSchema, graphql } from 'graphql';
import { createProducts } from './support/sample-subgraphs.js';
import { rawServer } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const PLAIN = buildSchema(`
  directive @ours(level: Int) on QUERY
  "Where it is stored."
  type Warehouse { code: ID! city(short: Boolean = false): String! shelf: Shelf @deprecated(reason: "gone") }
  enum Shelf { TOP BOTTOM }
  input Near { city: String! }
  schema { query: Root mutation: Changes }
  type Root { warehouse(near: Near): Warehouse }
  type Changes { open(code: ID!): Warehouse }
`);
const WAREHOUSE = { code: 'w1', city: 'Oslo', shelf: 'TOP' };

/** A GraphQL server that knows nothing of federation. */
async function plainServer(status: 200 | 400 = 400) {
  const asked: string[] = [];
  const server = await rawServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string; variables?: Record<string, unknown> };
      asked.push(query);
      const rootValue = { warehouse: WAREHOUSE, open: WAREHOUSE };
      void graphql({ schema: PLAIN, source: query, rootValue, variableValues: variables ?? {} }).then((result) => {
        response.writeHead(result.data === undefined ? status : 200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
      });
    });
  });
  return Object.assign({ asked }, server);
}

describe('a plain GraphQL server among the subgraphs', () => {
  const local = () => ({ kind: 'local' as const, subgraph: createProducts() });

  it.each([200, 400] as const)('is read by introspection and composed without entities (it refuses _service with %i)', async (status) => {
    await using server = await plainServer(status);
    await using test = await startGateway([local(), { kind: 'remote', name: 'stock', url: server.url }]);
    expect(await test.ask('{ topProducts(first: 1) { name } warehouse(near: { city: "Oslo" }) { code city(short: true) } }')).toEqual({
      data: { topProducts: [{ name: 'Red chair' }], warehouse: { code: 'w1', city: 'Oslo' } },
    });
    expect((await test.ask('mutation { open(code: "w1") { shelf } }')).data).toEqual({ open: { shelf: 'TOP' } });
    const { data } = await test.ask(
      '{ __type(name: "Warehouse") { description fields(includeDeprecated: true) { name deprecationReason } } }',
    );
    expect(data).toMatchObject({
      __type: { description: 'Where it is stored.', fields: expect.arrayContaining([{ name: 'shelf', deprecationReason: 'gone' }]) },
    });
    expect(await test.gateway.refreshSupergraph()).toEqual({ kind: 'unchanged' });
  });

  it('is not what a subgraph counts as that refuses to give its SDL', async () => {
    await using server = await rawServer(
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('{"errors":[{"message":"_service: forbidden"}]}'),
    );
    const started = startGateway([local(), { kind: 'remote', name: 'stock', url: server.url }]);
    await expect(started).rejects.toThrow('gave no SDL: _service: forbidden');
  });

  it('fails to start with a reason when it may not be introspected', async () => {
    await using server = await rawServer(
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"errors":[{"message":"Cannot query field \\"_service\\" or introspect."}]}'),
    );
    const started = startGateway([local(), { kind: 'remote', name: 'stock', url: server.url }]);
    await expect(started).rejects.toThrow('has no _service field and could not be introspected: Cannot query');
  });
});

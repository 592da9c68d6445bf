import type { SubgraphSource } from '@loomgraph/gateway';
import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { bearer, startGateway, type TestGateway } from './support/start-gateway.js';

type Kind = SubgraphSource['kind'];

describe.each<[Kind, Kind]>([
  ['local', 'local'],
  ['local', 'remote'],
  ['remote', 'local'],
  ['remote', 'remote'],
])('products %s, reviews %s', (productsKind, reviewsKind) => {
  const withGateway = async (work: (test: TestGateway) => Promise<void>): Promise<void> => {
    await using products = await host(productsKind, createProducts());
    await using reviews = await host(reviewsKind, createReviews());
    await using test = await startGateway([products.source, reviews.source]);
    await work(test);
  };

  it('joins entities of both subgraphs in both directions', () =>
    withGateway(async ({ ask }) => {
      const answer = await ask('{ topProducts { name reviews { body } } latestReview { body product { name } } }');
      expect(answer).toEqual({
        data: {
          topProducts: [
            { name: 'Red chair', reviews: [{ body: 'Too red' }] },
            { name: 'Oak table', reviews: [{ body: 'Sturdy' }] },
          ],
          latestReview: { body: 'Sturdy', product: { name: 'Oak table' } },
        },
      });
    }));

  it('passes variables, required fields, aliases, scalars and null through', () =>
    withGateway(async ({ ask }) => {
      const answer = await ask(
        'query Q($id: ID!, $first: Int) { one: product(id: $id) { cost: shippingCost releasedAt } none: product(id: "x") { name } topProducts(first: $first) { id } }',
        {
          variables: { id: 'p1', first: 1 },
        },
      );
      expect(answer).toEqual({
        data: { one: { cost: 40, releasedAt: '2026-01-02T03:04:05.000Z' }, none: null, topProducts: [{ id: 'p1' }] },
      });
    }));

  it('runs mutations and reads the changed entity across subgraphs', () =>
    withGateway(async ({ ask }) => {
      const answer = await ask('mutation { renameProduct(id: "p1", name: "Blue chair") { name reviews { body } } }');
      expect(answer).toEqual({ data: { renameProduct: { name: 'Blue chair', reviews: [{ body: 'Too red' }] } } });
    }));

  it('tells the subgraph who asks, under which request id and in which trace', () =>
    withGateway(async ({ ask }) => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const headers = { ...(await bearer('ada')), 'x-request-id': 'my-request', traceparent };
      expect(await ask('{ caller requestId traceparent }', { headers })).toEqual({
        data: { caller: 'ada', requestId: 'my-request', traceparent },
      });
      expect((await ask('{ caller }')).data).toEqual({ caller: null });
    }));

  it('answers what a caller can mend with its code and details', () =>
    withGateway(async ({ ask }) => {
      const answer = await ask('mutation { renameProduct(id: "nope", name: "x") { name } }', { headers: { 'x-request-id': 'r-1' } });
      expect(answer).toEqual({
        data: { renameProduct: null },
        errors: [
          {
            message: 'There is no product nope.',
            path: ['renameProduct'],
            extensions: { code: 'NOT_FOUND', requestId: 'r-1', subgraph: 'products', details: { id: 'nope' } },
          },
        ],
      });
      const anonymous = await ask('{ product(id: "p1") { name ownPrice } }');
      expect(anonymous.data).toEqual({ product: { name: 'Red chair', ownPrice: null } });
      expect(anonymous.errors![0]!.extensions['code']).toBe('UNAUTHENTICATED');
    }));

  it('nulls only the branch that failed, and places the error of an entity where it is used', () =>
    withGateway(async ({ ask }) => {
      const answer = await ask('{ topProducts { name rating reviews { body } } }');
      expect(answer.data).toEqual({
        topProducts: [
          { name: 'Red chair', rating: 4.5, reviews: [{ body: 'Too red' }] },
          { name: 'Oak table', rating: null, reviews: [{ body: 'Sturdy' }] },
        ],
      });
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors![0]).toMatchObject({
        message: 'A store this field needs does not answer; retry later.',
        path: ['topProducts', 1, 'rating'],
        extensions: { code: 'STORE_UNAVAILABLE', subgraph: 'reviews' },
      });
    }));

  it('masks what is internal and logs it with request id, path and subgraph', () =>
    withGateway(async ({ ask, logger }) => {
      const answer = await ask('query Prices { product(id: "p1") { name secretPrice } }', { headers: { 'x-request-id': 'r-2' } });
      expect(answer).toEqual({
        data: { product: { name: 'Red chair', secretPrice: null } },
        errors: [
          {
            message: 'Internal server error',
            path: ['product', 'secretPrice'],
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-2', subgraph: 'products' },
          },
        ],
      });
      const line = logger.lines.find(({ message }) => message === 'Masked error');
      expect(line).toMatchObject({
        level: 'error',
        fields: {
          requestId: 'r-2',
          operationName: 'Prices',
          subgraph: 'products',
          path: 'product.secretPrice',
          error: { message: expect.stringContaining('select price from vault') },
        },
      });
    }));
});

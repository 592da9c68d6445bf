import { composeSupergraph } from './compose.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const products = {
  name: 'products',
  url: 'local://products',
  sdl: `${LINK}\ntype Product @key(fields: "id") { id: ID! }\ntype Query { product: Product }`,
};

describe('composeSupergraph', () => {
  it('answers a supergraph that names every subgraph and its URL', () => {
    const reviews = {
      name: 'reviews',
      url: 'http://reviews/graphql',
      sdl: `${LINK}\ntype Product @key(fields: "id") { id: ID! score: Int }`,
    };
    const result = composeSupergraph([products, reviews]);
    expect(result).toMatchObject({ kind: 'composed', supergraphSdl: expect.stringContaining('url: "http://reviews/graphql"') });
  });

  it('answers each problem with code, message and places, on one line', () => {
    const reviews = { name: 'reviews', url: 'http://reviews', sdl: `${LINK}\ntype Product @key(fields: "id") {\n  id: Int!\n}` };
    const result = composeSupergraph([products, reviews]);
    expect(result).toMatchObject({
      kind: 'failed',
      problems: [
        {
          code: 'FIELD_TYPE_MISMATCH',
          locations: [
            { subgraph: 'products', line: 2, column: 35 },
            { subgraph: 'reviews', line: 3, column: 3 },
          ],
          text: expect.stringMatching(/^FIELD_TYPE_MISMATCH: .*"Product\.id".* \(products 2:35, reviews 3:3\)$/),
        },
      ],
    });
  });

  it('answers every subgraph whose SDL does not parse', () => {
    const broken = (name: string) => ({ name, url: 'http://x', sdl: 'type Query {' });
    const result = composeSupergraph([broken('a'), products, broken('b')]);
    expect(result.kind === 'failed' && result.problems.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^INVALID_GRAPHQL: \[a\] Syntax Error.* \(a 1:13\)$/),
      expect.stringMatching(/^INVALID_GRAPHQL: \[b\] Syntax Error.* \(b 1:13\)$/),
    ]);
  });
});

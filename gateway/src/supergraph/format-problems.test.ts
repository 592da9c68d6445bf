import { composeSupergraph, type SubgraphSdl } from './compose.js';
import { formatProblems } from './format-problems.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const problemsOf = (...sdls: readonly string[]) => {
  const subgraphs = sdls.map((sdl, index): SubgraphSdl => ({
    name: ['products', 'reviews'][index]!,
    url: 'http://x',
    sdl: `${LINK}\n${sdl}`,
  }));
  const composition = composeSupergraph(subgraphs);
  return composition.kind === 'failed' ? composition.problems : [];
};

describe('formatProblems', () => {
  it('shows the lines of each subgraph with a caret, and how to mend it', () => {
    const problems = problemsOf(
      'type Query { product: Product }\ntype Product @key(fields: "id") {\n  id: ID!\n  """How many."""\n  stock: Int\n}',
      'type Product @key(fields: "id") {\n  id: ID!\n  stock: String\n}',
    );
    expect(formatProblems(problems.filter(({ code }) => code === 'FIELD_TYPE_MISMATCH')).split('\n')).toEqual([
      expect.stringMatching(/^FIELD_TYPE_MISMATCH: .*"Product\.stock".* \(products 6:3, reviews 4:3\)$/),
      '',
      '    products:6:3',
      '    5 |   """How many."""',
      '    6 |   stock: Int',
      '      |   ^',
      '    7 | }',
      '',
      '    reviews:4:3',
      '    3 |   id: ID!',
      '    4 |   stock: String',
      '      |   ^',
      '    5 | }',
      '',
      '    To mend it: give the field the same type in every subgraph.',
    ]);
  });

  it('makes one problem of all the fields that one missing key cuts off', () => {
    const problems = problemsOf(
      'type Product @key(fields: "id") { id: ID! }\ntype Query { products: [Product] box: Box }\ntype Box { product: Product }',
      'type Product @key(fields: "id", resolvable: false) {\n  id: ID!\n  rating: Int\n  stars: Int\n}',
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'SATISFIABILITY_ERROR', locations: [{ subgraph: 'reviews', line: 4, column: 3 }] });
    expect(problems[0]!.text).toMatch(
      /^SATISFIABILITY_ERROR: no subgraph can answer the query \w+( > \w+)* > rating: from subgraph "products": cannot find field "Product\.rating"; cannot move to subgraph "reviews", which has field "Product\.rating", because .*; the same holds for .* > stars \(reviews 4:3\)$/,
    );
  });

  it('stops after the first few', () => {
    const fields = Array.from({ length: 12 }, (_, index) => `f${index}`);
    const problems = problemsOf(
      `type Query { a: T }\ntype T @key(fields: "id") { id: ID! ${fields.map((name) => `${name}: Int`).join(' ')} }`,
      `type T @key(fields: "id") { id: ID! ${fields.map((name) => `${name}: String`).join(' ')} }`,
    );
    expect(formatProblems(problems)).toMatch(new RegExp(`and ${problems.length - 8} more$`));
  });
});

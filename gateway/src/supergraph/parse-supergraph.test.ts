import { composeSupergraph } from './compose.js';
import { parseSupergraph } from './parse-supergraph.js';

const supergraphOf = (url: string): string => {
  const composition = composeSupergraph([{ name: 'my-products', url, sdl: 'type Query { product: String }' }]);
  if (composition.kind === 'failed') throw new Error('The sample does not compose.');
  return composition.supergraphSdl;
};

describe('parseSupergraph', () => {
  it('answers the subgraphs by their own names, with their URLs', () => {
    expect(parseSupergraph(supergraphOf('http://products/graphql'), 'a.graphql')).toEqual({
      kind: 'parsed',
      subgraphs: [{ name: 'my-products', url: 'http://products/graphql' }],
    });
  });

  it('answers an empty URL as it is', () => {
    expect(parseSupergraph(supergraphOf(''), 'a.graphql')).toMatchObject({ subgraphs: [{ url: '' }] });
  });

  it.each([
    ['does not parse', 'type Query {\n  a: \n}', 'INVALID_GRAPHQL: Syntax Error: Expected Name, found "}". (a.graphql 3:1)'],
    [
      'names a type it lacks',
      'enum join__Graph { A }\ntype Query {\n  a: Missing\n}',
      'INVALID_SUPERGRAPH: Unknown type "Missing". (a.graphql 3:6)',
    ],
    ['is an API schema', 'type Query { a: Int }', expect.stringContaining('This is no supergraph: it has no "enum join__Graph".')],
    [
      'does not name a subgraph',
      'enum join__Graph {\n  A\n}\ntype Query { a: Int }',
      'INVALID_SUPERGRAPH: The value A of join__Graph has no @join__graph(name:, url:) (a.graphql 2:3)',
    ],
    ['is empty', '', expect.stringContaining('Syntax Error: Unexpected <EOF>.')],
  ])('says where SDL that %s is wrong', (_what, sdl, text) => {
    expect(parseSupergraph(sdl, 'a.graphql')).toMatchObject({ kind: 'failed', problems: [{ text }] });
  });
});

import { parseSchema } from './load-schema.ts';
import { renderSupergraph } from '../generate/supergraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible"])';

describe('parseSchema', () => {
  it('answers of a supergraph what clients see', () => {
    const supergraph = renderSupergraph([{ name: 'products', sdl: `${LINK} type Query { a: Int hidden: Int @inaccessible }` }]);
    const schema = parseSchema(supergraph, 'supergraph.graphql');
    expect(Object.keys(schema.getQueryType()!.getFields())).toEqual(['a']);
    expect(Object.keys(schema.getTypeMap()).filter((name) => name.startsWith('join__'))).toEqual([]);
  });

  it('answers an API schema as it is', () => {
    expect(Object.keys(parseSchema('type Query { a: Int }', 'api.graphql').getQueryType()!.getFields())).toEqual(['a']);
  });

  it('says what cannot be read', () => {
    expect(() => parseSchema('type Query {', 'api.graphql')).toThrow('api.graphql:1:13: Syntax Error: Expected Name, found <EOF>.');
  });
});

import { parse, print, stripIgnoredCharacters, type DocumentNode } from 'graphql';
import { toNormalForm, type NormalForm } from './normal-form.js';

const normal = (text: string, operationName?: string): NormalForm => toNormalForm(parse(text), operationName);
const short = (document: DocumentNode | undefined): string | undefined => document && stripIgnoredCharacters(print(document));

describe('toNormalForm', () => {
  it('keeps the chosen operation and the fragments it uses, in the order it uses them', () => {
    const { text, planned } = normal(
      'fragment C on T { c } fragment B on T { b ...C } query Other { t { ...D } } fragment D on T { d } query This { t { ...A ...B } } fragment A on T { a }',
      'This',
    );
    expect(stripIgnoredCharacters(text)).toBe('query This{t{...A ...B}}fragment A on T{a}fragment B on T{b ...C}fragment C on T{c}');
    expect(planned).toMatchObject({ operationName: 'This', text });
  });

  it('is the same for documents that say the same', () => {
    const one = normal('query Q($a: Int = 1) { t(s: "x\\ny", a: $a) { b } } # comment');
    const other = normal('"""Says."""\nquery Q(\n  $a: Int = 1,\n) {\n  t(s: """\n  x\n  y\n  """, a: $a) { b, }\n}');
    expect(other.text).toBe(one.text);
    expect(other.document).toEqual(one.document);
  });

  it('holds no locations', () => {
    expect(JSON.stringify(normal('{ a(x: [1, {y: 2}]) @include(if: true) }').document)).not.toContain('"loc"');
  });

  it('names the code when the operation is not there', () => {
    const code = expect.objectContaining({ code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(() => normal('query A { a } query B { b }')).toThrow(code);
    expect(() => normal('query A { a }', 'B')).toThrow(code);
    expect(() => normal('fragment F on T { a }')).toThrow(code);
  });
});

describe('what planners are given', () => {
  it('is without introspection at the root, also inside fragments, which stay whole elsewhere', () => {
    const { planned, introspection, text } = normal(
      'query ($n: String!) { ...F @include(if: true) __typename s: __schema { ...S } me { query { ...F } } } fragment F on Query { a __typename __type(name: $n) { name } } fragment S on __Schema { types { name } }',
    );
    expect(short(planned.document)).toBe(
      'query($n:String!){...on Query@include(if:true){a}me{query{...F}}}fragment F on Query{a __typename}',
    );
    expect(short(introspection)).toBe(
      'query($n:String!){...on Query@include(if:true){__type(name:$n){name}}s:__schema{...S}}fragment S on __Schema{types{name}}',
    );
    expect(text).toContain('__typename');
  });

  it('tells of introspection further down and leaves it to nobody', () => {
    const nested = normal('{ me { query { __schema { types { name } } } } }');
    expect(nested.hasNestedIntrospection).toBe(true);
    expect(nested.introspection).toBeUndefined();
    expect(short(nested.planned.document)).toBe('{me{query{__typename}}}');
    expect(normal('{ a(s: "__schema") }').hasNestedIntrospection).toBe(false);
  });

  it('selects the type of the root where no subgraph is needed', () => {
    expect(short(normal('{ __schema { types { name } } }').planned.document)).toBe('{__typename}');
    expect(short(normal('{ x: __typename }').planned.document)).toBe('{__typename}');
  });

  it('is without @defer and directives of variables', () => {
    const { planned, text } = normal(
      'query ($a: Int @mark) { t(a: $a) { ... @defer(label: "x") { b } ...F @defer } } fragment F on T { c }',
    );
    expect(short(planned.document)).toBe('query($a:Int){t(a:$a){...{b}...F}}fragment F on T{c}');
    expect(text).toContain('@defer(label: "x")');
    expect(planned.text).toBe(print(planned.document));
  });
});

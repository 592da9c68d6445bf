import { parse, stripIgnoredCharacters, visit, type FieldNode } from 'graphql';
import { readKeyTraits, withDataKeys, type KeyTraits } from './data-keys.js';
import { toNormalForm } from './normal-form.js';

const traits: KeyTraits = { fieldNames: new Set(['id', 'name', 'price']), required: new Set(['price']) };
const rewritten = (text: string): string =>
  stripIgnoredCharacters(withDataKeys(toNormalForm(parse(text), undefined).planned, traits).operation.text);

describe('withDataKeys', () => {
  it('leaves safe operations alone, as the same object', () => {
    const { planned } = toNormalForm(parse('{ me { id first: name reviews(first: 3) { text } } other: me { id } }'), undefined);
    expect(withDataKeys(planned, traits).operation).toBe(planned);
  });

  it.each([
    ['an alias that is a field name', '{ me { id: name } }', '{me{_k0_id:name}}'],
    ['one key for two fields', '{ a { k: x } b { k: y } }', '{a{_k0_k:x}b{_k1_k:y}}'],
    ['one key for different arguments', '{ a { v(x: 1) } b { v(x: 2) } c { v(x: 1) } }', '{a{_k0_v:v(x:1)}b{_k1_v:v(x:2)}c{_k0_v:v(x:1)}}'],
    ['arguments of a field that is required', '{ p { price(cur: "CHF") } q { price } }', '{p{_k0_price:price(cur:"CHF")}q{price}}'],
    ['a plain field beside an alias of its name', '{ a { v } b { v: x { v(x: 1) } } }', '{a{v}b{_k1_v:x{_k0_v:v(x:1)}}}'],
    ['a fragment', '{ a { ...F } } fragment F on A { name: id }', '{a{...F}}fragment F on A{_k0_name:id}'],
  ])('replaces %s', (_, text, expected) => {
    expect(rewritten(text)).toBe(expected);
  });

  it('tells the key of each field, and the way back', () => {
    const { document, planned } = toNormalForm(parse('{ me { id: name plain: id } }'), undefined);
    const { dataKeyOf, responseKeyOf } = withDataKeys(planned, traits);
    const keys: string[] = [];
    visit(document, { Field: (field: FieldNode) => void keys.push(dataKeyOf(field)) });
    expect(keys).toEqual(['me', '_k0_id', 'plain']);
    expect(keys.map(responseKeyOf)).toEqual(['me', 'id', 'plain']);
  });
});

describe('readKeyTraits', () => {
  it('finds field names and the fields that are required, at any depth', () => {
    const { fieldNames, required } = readKeyTraits(
      'type A { x: Int @join__field(graph: B, requires: "p(cur: \\"EUR\\") d { h(u: \\"(\\") w }") y: Int }',
    );
    expect([...fieldNames]).toEqual(['x', 'y']);
    expect([...required].toSorted()).toEqual(['d', 'h', 'p', 'w']);
  });

  it('counts what is passed on from objects above as required', () => {
    const { required } = readKeyTraits(`type A {
      x: Int @join__field(graph: B, contextArguments: [{ context: "b__c", name: "n", type: "Int", selection: " { p { q } }" }])
      y: Int @join__field(graph: B, contextArguments: [{ context: "b__c", name: "n", type: "Int", selection: " ... on D { r }" }])
    }`);
    expect([...required].toSorted()).toEqual(['p', 'q', 'r']);
  });
});

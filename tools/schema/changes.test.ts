import { BreakingChangeType, buildSchema, DangerousChangeType } from 'graphql';
import { findChanges } from './changes.ts';

const BEFORE = buildSchema(`
  directive @d(a: Int, gone: Int) repeatable on FIELD | QUERY
  directive @removed on FIELD
  type Query { a(x: Int, y: String = "k", z: Int, t: Int): T b: U c: E d: N! i(in: In): Int gone: Old }
  type T implements N { id: ID! name: String! }
  interface N { id: ID! }
  interface M { m: Int }
  type V implements N { id: ID! }
  union U = T | V
  enum E { A B }
  input In { p: Int q: Int }
  type Old { z: Int }
  scalar S
`);
const AFTER = buildSchema(`
  directive @d(a: Int, b: Int!) on FIELD
  type Query { a(x: Int!, y: String = "z", t: String, w: Int!, o: Int): T b: U c: E d: N i(in: In): Int }
  type T { id: ID! name: String }
  interface N { id: ID! }
  interface M { m: Int }
  type V implements N & M { id: ID! m: Int }
  type W { k: Int }
  union U = T | W
  enum E { A C }
  input In { p: Int! r: Int! s: Int }
  interface S { id: ID }
`);

describe('findChanges', () => {
  const changes = findChanges(BEFORE, AFTER);

  it('tells what an operation must use to notice each kind of change', () => {
    expect(changes.map(({ severity, kind, coordinates }) => [severity, kind, coordinates?.join(' ')])).toEqual(
      expect.arrayContaining([
        ['breaking', 'TYPE_REMOVED', 'Old'],
        ['breaking', 'FIELD_REMOVED', 'Query.gone'],
        ['breaking', 'ARG_CHANGED_KIND', 'Query.a'],
        ['breaking', 'ARG_CHANGED_KIND', 'Query.a(t:)'],
        ['breaking', 'FIELD_CHANGED_KIND', 'In'],
        ['breaking', 'ARG_REMOVED', 'Query.a(z:)'],
        ['breaking', 'REQUIRED_ARG_ADDED', 'Query.a'],
        ['breaking', 'FIELD_CHANGED_KIND', 'Query.d'],
        ['breaking', 'FIELD_CHANGED_KIND', 'T.name'],
        ['breaking', 'IMPLEMENTED_INTERFACE_REMOVED', 'T N'],
        ['breaking', 'TYPE_REMOVED_FROM_UNION', 'V U'],
        ['breaking', 'VALUE_REMOVED_FROM_ENUM', 'E.B'],
        ['breaking', 'REQUIRED_INPUT_FIELD_ADDED', 'In'],
        ['breaking', 'FIELD_REMOVED', 'In.q'],
        ['breaking', 'TYPE_CHANGED_KIND', 'S'],
        ['breaking', 'DIRECTIVE_REMOVED', '@removed'],
        ['breaking', 'DIRECTIVE_ARG_REMOVED', '@d(gone:)'],
        ['breaking', 'REQUIRED_DIRECTIVE_ARG_ADDED', '@d'],
        ['breaking', 'DIRECTIVE_REPEATABLE_REMOVED', '@d'],
        ['breaking', 'DIRECTIVE_LOCATION_REMOVED', '@d'],
        ['dangerous', 'ARG_DEFAULT_VALUE_CHANGE', 'Query.a'],
        ['dangerous', 'OPTIONAL_ARG_ADDED', 'Query.a'],
        ['dangerous', 'TYPE_ADDED_TO_UNION', 'U'],
        ['dangerous', 'VALUE_ADDED_TO_ENUM', 'E'],
        ['dangerous', 'OPTIONAL_INPUT_FIELD_ADDED', 'In'],
        ['dangerous', 'IMPLEMENTED_INTERFACE_ADDED', 'M'],
      ]),
    );
  });

  it('knows every kind of change graphql knows', () => {
    const known = new Set(changes.map(({ kind }) => kind));
    expect([...Object.values(BreakingChangeType), ...Object.values(DangerousChangeType)].filter((kind) => !known.has(kind))).toEqual([]);
    expect(changes.filter(({ coordinates }) => coordinates === undefined)).toEqual([]);
  });

  it('finds nothing in what stays the same', () => {
    expect(findChanges(BEFORE, BEFORE)).toEqual([]);
  });
});

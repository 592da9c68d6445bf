import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import type { PlanNode } from '../plan.js';
import { compose, fetches, keyed, noOverride, outline, representations } from '../planners.fixture.js';
import { verifyPlan } from '../verify-plan.js';
import { planStepwise } from './plan-stepwise.js';

/** Plans, and has the plan checked. */
function createPlan(subgraphs: Readonly<Record<string, string>>): (query: string) => PlanNode | undefined {
  const sdl = compose(subgraphs);
  const supergraph: GraphQLSchema = buildASTSchema(parse(sdl), { assumeValid: true });
  return (query) => {
    const operation = keyed(query, sdl);
    const plan = planStepwise(operation, { supergraph, choice: noOverride });
    expect(verifyPlan({ plan, operation, supergraph })).toBeUndefined();
    return plan;
  };
}

const texts = (plan: PlanNode | undefined): readonly string[] =>
  fetches(plan).map(({ operation }) => operation.replace(/^query\([^)]*\)/, '').replace(/_entities\(representations:\$\w+\)/, 'E'));

const media = createPlan({
  a: `type Query { all: [Media] }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int! }
    type Song implements Media @key(fields: "id") { id: ID! title: String }`,
  b: `type Query { shelved: [Media] }
    type Media @interfaceObject @key(fields: "id") { id: ID! title: String @external shelf: String blurb: String @requires(fields: "title") }`,
});

describe('planStepwise', () => {
  it('asks what is wanted of all objects of an interface once, and by type where it has to', () => {
    expect(texts(media('{ all { title ... on Book { pages } ... on Song { title } } }'))).toEqual([
      '{all{__typename title ...on Book{pages}}}',
    ]);
  });

  it('asks an interface object for what is wanted of all, and for the types where only some are asked', () => {
    expect(outline(media('{ shelved { shelf } }'))).toBe('b');
    expect(outline(media('{ shelved { ... on Book { shelf } } }'))).toBe('[b a(shelved.@) b(shelved.@.<Book>)]');
  });

  it('tells types in a fetch of its own, as any other field may fail', () => {
    const plan = media('{ shelved { ... on Book { pages } } }');
    expect(texts(plan)).toEqual(['{shelved{__typename id}}', '{_e0:E{...on Media{__typename}}}', '{_e0:E{...on Book{pages}}}']);
  });

  it('keeps a field with a requirement apart from those without', () => {
    const plan = media('{ all { shelf blurb } }');
    expect(outline(plan)).toBe('[a b(all.@ all.@)]');
    expect(representations(plan)).toEqual(['b: Media { id title }', 'b: Media { id }']);
  });

  it('completes a value without a key through the field above it', () => {
    const plan = createPlan({
      a: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! spec: Spec @shareable } type Spec @shareable { x: Int }',
      b: 'type Item @key(fields: "id") { id: ID! spec: Spec @shareable } type Spec @shareable { x: Int y: Deep } type Deep { z: Int }',
    });
    expect(texts(plan('{ item { spec { x y { z } } } }'))).toEqual([
      '{item{__typename spec{__typename x}id}}',
      '{_e0:E{...on Item{spec{__typename y{__typename z}}}}}',
    ]);
  });

  it('goes from key to key, and through requirements of requirements', () => {
    const plan = createPlan({
      a: 'type Query { me: User } type User @key(fields: "id") { id: ID! }',
      b: 'type User @key(fields: "id") @key(fields: "mail") { id: ID! mail: String! age: Int @external old: Boolean @requires(fields: "age") }',
      c: 'type User @key(fields: "mail") { mail: String! age: Int }',
      d: 'type User @key(fields: "id") { id: ID! old: Boolean @external badge: String @requires(fields: "old") }',
    });
    expect(outline(plan('{ me { badge } }'))).toBe('[a b(me) c(me) b(me) d(me)]');
  });

  it('keeps conditions, one for each way a field is selected, and leaves out what can never be', () => {
    const plan = createPlan({ a: 'type Query { x: X } type X { y: Int! z: Int }' });
    const query = `query ($p: Boolean!, $q: Boolean!) {
      x @include(if: $p) { y @skip(if: $q) } x @include(if: $q) { z @skip(if: $q) } ... @skip(if: true) { x { z } }
    }`;
    expect(texts(plan(query))).toEqual([
      '{...@include(if:$p){x{__typename ...@include(if:$p){...@skip(if:$q){y}}}}...@include(if:$q){x{__typename ...@include(if:$p){...@skip(if:$q){y}}}}}',
    ]);
  });

  it('gives required fields of several types keys of their own', () => {
    const plan = createPlan({
      a: `type Query { all: [Any] } union Any = P | Q
        type P @key(fields: "id") { id: ID! size: Int } type Q @key(fields: "id") { id: ID! size: String }`,
      b: `type P @key(fields: "id") { id: ID! size: Int @external x: Int @requires(fields: "size") }
        type Q @key(fields: "id") { id: ID! size: String @external x: Int @requires(fields: "size") }`,
    });
    expect(texts(plan('{ all { ... on P { x } ... on Q { x } } }'))[0]).toBe(
      '{all{__typename ...on P{id _ki_P_size:size}...on Q{id _ki_Q_size:size}}}',
    );
  });

  it('asks under other keys for what a subgraph has of several types, and gives it back under its own', () => {
    const plan = createPlan({
      a: `type Query { all: [Any] } interface Any { name: String }
        type P implements Any @key(fields: "id") { id: ID! name: String! @shareable } type Q implements Any { name: String }`,
      b: 'type P @key(fields: "id") { id: ID! name: String @shareable }',
    })('query ($c: Boolean!) { all { name @include(if: $c) ... on P { name } } }');
    expect(texts(plan)).toEqual(['{all{__typename ...on P{_kb_P_name:name}...on Q{...@include(if:$c){_kb_Q_name:name}}}}']);
    const rename = (type: string) => ({ kind: 'rename', path: ['all', { types: [type] }, `_kb_${type}_name`], to: 'name' });
    expect(fetches(plan)[0]?.outputRewrites).toEqual([rename('P'), rename('Q')]);
  });

  it('refuses what no subgraph resolves', () => {
    expect(() => media('{ all { unknown } }')).toThrow('No subgraph can be brought to answer Book.unknown.');
  });
});

import { startEngine } from './support/engine-run.js';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { mergeParts, type Payload } from './support/merge-parts.js';
const A = `type Query { products: [Product!]! me: Me node: Node first: Product } type Mutation { buy(id: ID!): Payload add: Product } type Payload { ok: Boolean! text: String product: Product info: Info } type Info { x: String y: String }
   interface Node { id: ID! }
   type Me { name: String slow: String info: Info }
   type Product implements Node @key(fields: "id") { id: ID! name: String dims: [Dim!] price: Int w: Int }  type Dim { size: Int unit: String }`;
const B = `type Query { other: String } type Product @key(fields: "id") { id: ID! price: Int @external reviews: [Review!]! ship: Int @requires(fields: "price") strict: Int! } type Review @key(fields: "id") { id: ID! body: String product: Product author: User } type User @key(fields: "id") { id: ID! }`;
const C = `type User @key(fields: "id") { id: ID! name: String }`;
const p = (id: string) => ({ __typename: 'Product', id, name: 'N' + id, dims: [{ size: 1, unit: 'a' }, { size: 2, unit: 'b' }], price: 3, w: 4 });
const make = () => startEngine([
  sdlSubgraph('a', A, { Query: { products: () => [p('1'), p('2')], first: () => p('1'), node: () => p('2'), me: () => ({ name: 'me', slow: 's', info: { x: 'x', y: 'y' } }) }, Mutation: { buy: () => ({ ok: true, text: 't', product: p('1'), info: { x: 'x', y: 'y' } }), add: () => p('2') }, Product: { __resolveReference: ({ id }: { id: string }) => p(id) } }),
  sdlSubgraph('b', B, { Query: { other: () => 'o' }, Product: { ship: ({ price }: { price: number }) => price * 2, strict: () => null, reviews: ({ id }: { id: string }) => [{ id: 'r' + id, body: 'B' + id, author: { id: 'u1' }, product: { id } }] }, Review: { __resolveReference: ({ id }: { id: string }) => ({ id, body: 'B', author: { id: 'u1' } }) } }),
  sdlSubgraph('c', C, { User: { name: ({ id }: { id: string }) => 'U' + id, __resolveReference: (u: object) => u } }),
]);
const cases = [
  '{ products { id name ... @defer(label:"d0") { price reviews { body ... @defer(label:"d1") { author { name } } } } } }',
  '{ products { dims { size } ... @defer(label:"d0") { dims { unit } } } }',
  '{ me { name ... @defer(label:"d0") { slow info { x } } } }',
  '{ me { name  info { x ... @defer(label:"d0") { y } } } }',
  'mutation { buy(id: 1) { ok ... @defer(label:"d0") { text product { name reviews { body } } info { x } } } }',
  'mutation { add { id ... @defer(label: "d0") { name ship } } }',
  '{ products { id } ... @defer(label:"d0") { products { name } other } }',
  '{ node { id ... on Product @defer(label: "d0") { name reviews { body } } } }',
  '{ ... @defer(label:"d0") { ... @defer(label:"d1") { other } } me { name } }',
  '{products { id ... @defer(label:"d0") { ship name } ... @defer(label:"d1") { ship w } } }',
  '{first { id ... @defer(label:"d0") { ship strict } ... @defer(label:"d1") { ship w } } __typename __schema { queryType { name } } }',
  '{ ... @defer { __typename other } }',
  'query($a: Boolean!) { ... @include(if: $a) { products { id ... @defer { ship @skip(if: $a) name } } } }',
  'query($a: Boolean!) { products { id ... @include(if: $a) @defer { ship name } } }',
  'query($a: Boolean!) { products { id ... @defer(if: $a) { ship name } } }',
  'query($a: Boolean!) { me @include(if: $a) { name }  ... @include(if: $a) @defer { other } }',
  '{ first { id ... @defer(label: "A") { reviews { body ... @defer(label: "N") { author { name } } } } ... @defer(label: "B") { reviews { author { id } } } } }',
];
test.each(cases)('%s', async (query) => {
  await using run = await make();
  const ask = async (query: string, acceptsIncremental: boolean) => run.engine.execute({ query, variables: query.includes('$a') ? { a: true } : undefined, operationName: undefined, extensions: undefined, readOnly: false, acceptsIncremental, caller: { identity: null, requestId: 'r' } });
  const answer = await ask(query, true);
  const whole = await ask(query, false);
  const payloads: Payload[] = [];
  if (answer.kind === 'incremental') for await (const part of answer.parts) payloads.push(JSON.parse(part));
  process.stdout.write(`### ${query}\n${answer.kind} ${answer.kind === 'executed' ? answer.body : ''} ${answer.kind === 'refused' ? JSON.stringify(answer.errors) : ''}\n${payloads.map((x) => JSON.stringify(x)).join('\n')}\n`);
  if (answer.kind === 'incremental') {
    const merged = mergeParts(payloads);
    if (merged.failedPaths.length === 0) expect(merged.data).toEqual(JSON.parse((whole as {body: string}).body).data);
  }
});

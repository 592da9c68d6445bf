import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { NOT_PARSED, NOT_VALID, passes, refused, TOO_MUCH } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const REFUSALS = [...TOO_MUCH, ...NOT_VALID, ...NOT_PARSED];
/** 2^40 selections when it is written out: more than any counter of 32 bits holds. */
const DOUBLINGS = 40;
const CHAIN = 3_000;

const ask = async (target: Target, query: string, codes: readonly string[] = REFUSALS): Promise<Finding> =>
  refused(await target.client.graphql({ query, token: await target.token() }), codes);

/** Fragments used twice, at a size that people send. */
const control = async ({ client, token }: Target): Promise<Finding> =>
  passes(
    await client.graphql({
      query: `query { ...Page again: templates(first: 1) { ...Nodes } } fragment Page on Query { templates(first: 2) { ...Nodes } }
        fragment Nodes on TemplateConnection { nodes { ...Card category { ...Name } } } fragment Card on Template { id name }
        fragment Name on TemplateCategory { id name }`,
      token: await token(),
    }),
    'templates.nodes',
    'again.nodes',
  );

const fragmentCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

/** Each fragment spreads the next one twice. */
function doubling(levels: number, last: string, type: string): string {
  const fragments = Array.from({ length: levels }, (_, level) => `fragment F${level} on ${type} { ...F${level + 1} ...F${level + 1} }`);
  return `${fragments.join(' ')} fragment F${levels} on ${type} { ${last} }`;
}

export const fragmentCases: readonly AbuseCase[] = [
  fragmentCase({
    name: 'fragments-exponential',
    from: ['CVE-2025-32030', 'CVE-2025-32034', 'GHSA-q2f9-x4p4-7xmh', 'GHSA-75m2-jhh5-j5g2'],
    tries: `fragments that spread the next one twice, ${DOUBLINGS} levels: refused by their expansion, which is counted and not made`,
    attack: (target) => ask(target, `{ ...F0 } ${doubling(DOUBLINGS, '__typename', 'Query')}`),
  }),
  fragmentCase({
    name: 'fragments-exponential-nested',
    from: ['CVE-2025-32031', 'CVE-2025-32032', 'GHSA-94hh-jmq8-2fgp', 'CVE-2025-31496'],
    tries: 'the same inside an entity, with fields and inline fragments around each spread, so that nothing can be merged early',
    attack(target) {
      const levels = Array.from(
        { length: 24 },
        (_, level) =>
          `fragment F${level} on Template { ... on Template { a${level}: name ...F${level + 1} } ... on Template { b${level}: name ...F${level + 1} } }`,
      );
      return ask(target, `{ template(id: "1") { ...F0 } } ${levels.join(' ')} fragment F24 on Template { id }`);
    },
  }),
  fragmentCase({
    name: 'fragments-fan-out-in-validation',
    from: ['CVE-2025-32380', 'GHSA-3j43-9v8v-cp3f', 'CVE-2026-34573'],
    tries: 'the same in fragments the operation never reaches, for validators and complexity counters that walk them all',
    attack: (target) => ask(target, `{ __typename } ${doubling(DOUBLINGS, 'templates(first: 1) { nodes { id } }', 'Query')}`),
  }),
  fragmentCase({
    name: 'fragments-overflow-a-counter',
    from: ['CVE-2025-32033', 'GHSA-84m6-5m72-45fp'],
    tries: 'exactly 2^32, and 2^53, selections and one more: a counter that wraps round or loses precision would let them pass',
    async attack(target) {
      for (const levels of [16, 31, 32, 52, 53, 64]) {
        const finding = await ask(target, `{ __typename ...F0 } ${doubling(levels, '__typename', 'Query')}`);
        if (finding !== undefined) return `2^${levels}: ${finding}`;
      }
      return undefined;
    },
  }),
  fragmentCase({
    name: 'fragments-circular',
    from: ['CVE-2022-30288', 'GraphQL specification §5.5.2.2'],
    tries: 'fragments that contain themselves, at once, over three others, and beside their own definition',
    async attack(target) {
      for (const query of [
        '{ ...A } fragment A on Query { ...A }',
        '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }',
        '{ template(id: "1") { ...T } } fragment T on Template { category { templates { nodes { ...T } } } similarTo: name ...T }',
        '{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }',
      ]) {
        const finding = await ask(target, query);
        if (finding !== undefined) return `${query}: ${finding}`;
      }
      return undefined;
    },
  }),
  fragmentCase({
    name: 'fragments-in-a-long-chain',
    from: ['CVE-2022-31173', 'CVE-2022-21708'],
    tries: `${CHAIN} fragments, each inside the one before: no stack may overflow on the way`,
    attack(target) {
      const chain = Array.from({ length: CHAIN }, (_, index) => `fragment F${index} on Query { ...F${index + 1} }`);
      return ask(target, `{ ...F0 } ${chain.join(' ')} fragment F${CHAIN} on Query { __typename }`);
    },
  }),
  fragmentCase({
    name: 'fragments-unused-by-thousands',
    from: ['CWE-400'],
    tries: '20,000 fragments that nothing uses',
    attack: (target) =>
      ask(target, `{ __typename } ${Array.from({ length: 20_000 }, (_, index) => `fragment F${index} on Query { __typename }`).join(' ')}`),
  }),
  fragmentCase({
    name: 'fragment-named-like-introspection',
    from: ['GHSA-733v-p3h5-qpq7', 'graphql-armor #823'],
    tries: 'a deep and dear selection in a fragment, or an operation, called __schema, which limits might take for introspection',
    async attack(target) {
      const deep = nested(60);
      return (
        (await ask(target, `query { ...__schema } fragment __schema on Query { ${deep} }`, TOO_MUCH)) ??
        (await ask(target, `query __schema { ${deep} }`, TOO_MUCH)) ??
        ask(target, `query IntrospectionQuery { ${deep} }`, TOO_MUCH)
      );
    },
  }),
  fragmentCase({
    name: 'depth-by-remembered-fragments',
    from: ['graphql-armor #824'],
    tries: 'a fragment that is met at a harmless depth first, then far down: its depth there counts',
    attack(target) {
      const chain = Array.from(
        { length: 60 },
        (_, level) => `fragment F${level} on Template { category { templates(first: 1) { nodes { ...F${level + 1} } } } }`,
      );
      const end = 'fragment F60 on Template { id }';
      return ask(target, `{ first: template(id: "1") { ...F60 ...F59 ...F30 ...F0 } } ${chain.toReversed().join(' ')} ${end}`, TOO_MUCH);
    },
  }),
];

/** Templates in categories in templates, as deep as it goes. */
export function nested(levels: number): string {
  return `template(id: "1") { ${'category { templates(first: 1) { nodes { '.repeat(levels)} id ${'} } }'.repeat(levels)} }`;
}

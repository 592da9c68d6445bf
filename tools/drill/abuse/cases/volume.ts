import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { NOT_PARSED, NOT_VALID, passes, refused, refusedWith, TOO_MUCH } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';
import { nested } from './fragments.ts';

const REFUSALS = [...TOO_MUCH, ...NOT_VALID, ...NOT_PARSED];
const FLOOD = 2_000;

const ask = async (target: Target, query: string, codes: readonly string[] = REFUSALS): Promise<Finding> =>
  refused(await target.client.graphql({ query, token: await target.token() }), codes);

const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Aliases, directives and nesting as people use them. */
const control = async ({ client, token, fixtures }: Target): Promise<Finding> =>
  passes(
    await client.graphql({
      query: `query Page($id: ID!, $long: Boolean!) {
        one: template(id: $id) { id title: name ... @include(if: $long) { content description } category { id name } }
        two: template(id: $id) { id version @skip(if: $long) }
        newest: templates(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { id name category { name } } pageInfo { hasNextPage } }
        t: __typename
      }`,
      variables: { id: fixtures.templateId, long: true },
      token: await token(),
    }),
    'one.content',
    'two.id',
    'newest.nodes',
  );

const volumeCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

export const volumeCases: readonly AbuseCase[] = [
  volumeCase({
    name: 'alias-flood',
    from: ['OWASP GraphQL: batching', 'GHSA-ph52-67fq-75wj', 'graphql-cop: alias overloading'],
    tries: `one field under ${FLOOD} aliases`,
    attack: (target) => ask(target, `{ ${repeated(FLOOD, (index) => `a${index}: template(id: "${index}") { id }`)} }`, TOO_MUCH),
  }),
  volumeCase({
    name: 'alias-flood-of-typename',
    from: ['graphql-armor #767', 'graphql-armor #738'],
    tries: '__typename under thousands of aliases, which touches no resolver and so passes many limits',
    attack: (target) => ask(target, `{ ${repeated(10_000, (index) => `a${index}: __typename`)} }`, TOO_MUCH),
  }),
  volumeCase({
    name: 'alias-flood-in-a-fragment',
    from: ['GHSA-733v-p3h5-qpq7', 'CVE-2026-34573'],
    tries: 'the flood in a named fragment, or in inline fragments, where a counter of the operation alone does not look',
    async attack(target) {
      const flood = repeated(FLOOD, (index) => `a${index}: templateCategories { id }`);
      return (
        (await ask(target, `{ ...F } fragment F on Query { ${flood} }`, TOO_MUCH)) ??
        ask(target, `{ ${repeated(FLOOD, (index) => `... on Query { a${index}: templateCategories { id } }`)} }`, TOO_MUCH)
      );
    },
  }),
  volumeCase({
    name: 'alias-flood-of-a-dear-field',
    from: ['GHSA-6q22-g298-grjh', 'GHSA-h9mw-h4qc-f5jf'],
    tries: 'the dearest field there is (searches by vector) a hundred times in one request: few aliases, much work',
    attack: (target) =>
      ask(
        target,
        `{ ${repeated(100, (index) => `a${index}: searchTemplates(query: "abuse ${index}", first: 50) { hits { template { id content category { name } } } }`)} }`,
        TOO_MUCH,
      ),
  }),
  volumeCase({
    name: 'root-fields-by-the-hundred',
    from: ['OWASP API4:2023'],
    tries: 'four hundred root fields, spread over fragments so that none has many',
    attack(target) {
      const fragments = Array.from(
        { length: 40 },
        (_, part) => `fragment P${part} on Query { ${repeated(10, (index) => `p${part}x${index}: hotTemplates { id }`)} }`,
      );
      return ask(target, `{ ${repeated(40, (part) => `...P${part}`)} } ${fragments.join(' ')}`, TOO_MUCH);
    },
  }),
  volumeCase({
    name: 'field-repeated',
    from: ['CVE-2024-39895', 'GHSA-7hmh-pfrp-vcx4', 'graphql-cop: field duplication'],
    tries: 'the same field thousands of times in one selection: one in the answer, thousands to merge',
    attack: (target) => ask(target, `{ template(id: "1") { ${'name '.repeat(12_000)} } }`, TOO_MUCH),
  }),
  volumeCase({
    name: 'overlapping-fields',
    from: ['CVE-2023-26144', 'GHSA-9pv7-vfvm-6vr7'],
    tries: 'hundreds of overlapping selections of one object, for the quadratic rule that compares each with each',
    attack: (target) =>
      ask(target, `{ ${'template(id: "1") { category { id name ... on TemplateCategory { id name } } } '.repeat(1_500)} }`, TOO_MUCH),
  }),
  volumeCase({
    name: 'overlapping-fields-in-fragments',
    from: ['CVE-2023-26144', 'CVE-2025-32380'],
    tries: 'the quadratic rule again, over pairs of fragments',
    attack(target) {
      const names = Array.from({ length: 300 }, (_, index) => index);
      const spreads = names.map((index) => `...F${index}`).join(' ');
      return ask(
        target,
        `{ ${spreads} } ${names.map((index) => `fragment F${index} on Query { template(id: "1") { ${'name id '.repeat(20)} } }`).join(' ')}`,
        TOO_MUCH,
      );
    },
  }),
  volumeCase({
    name: 'directive-flood-unknown',
    from: ['CVE-2022-37734', 'CVE-2024-47614', 'graphql-cop: directive overloading'],
    tries: 'thousands of directives that do not exist, each an error of its own; the answer stays short',
    async attack(target) {
      const reply = await target.client.graphql({ query: `{ __typename ${'@aa'.repeat(10_000)} }`, token: await target.token() });
      return refused(reply, REFUSALS) ?? (reply.text.length < 20_000 ? undefined : `the refusal has ${reply.text.length} characters`);
    },
  }),
  volumeCase({
    name: 'directive-flood-known',
    from: ['CVE-2022-37734', 'GraphQL specification §5.7.3'],
    tries: '@include and @skip by the thousand, on one field and spread over many',
    async attack(target) {
      const many = repeated(1_500, () => 'name @include(if: true) @skip(if: false)');
      return (
        (await ask(target, `{ __typename ${'@include(if: true) '.repeat(5_000)} }`)) ??
        ask(target, `{ template(id: "1") { ${many} } }`, TOO_MUCH)
      );
    },
  }),
  volumeCase({
    name: 'conditions-by-the-dozen',
    from: ['CWE-407'],
    tries: '40 fields that depend on 40 variables: 2^40 answers a planner might want to plan one by one',
    async attack(target) {
      const names = Array.from({ length: 40 }, (_, index) => `v${index}`);
      const query = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { template(id: "1") { id ${names
        .map((name) => `${name}: name @include(if: $${name}) category @skip(if: $${name}) { ${name}: name }`)
        .join(' ')} } }`;
      const variables = Object.fromEntries(names.map((name) => [name, true]));
      const reply = await target.client.graphql({ query, variables, token: await target.token() });
      // Both are right: too much to plan, or planned in a bounded time. To hang or to fail inside is neither.
      return reply.status === 200 && reply.errors.length === 0 ? undefined : refused(reply, REFUSALS);
    },
  }),
  volumeCase({
    name: 'depth-of-selections',
    from: ['CVE-2023-28867', 'OWASP GraphQL: DoS', 'GHSA-h9mw-h4qc-f5jf'],
    tries: 'selections inside each other, 240 levels and 20,000 levels',
    async attack(target) {
      return (
        (await ask(target, `{ ${nested(60)} }`, TOO_MUCH)) ??
        ask(target, `${'{ a '.repeat(20_000)}${'}'.repeat(20_000)}`, [...TOO_MUCH, ...NOT_PARSED])
      );
    },
  }),
  volumeCase({
    name: 'depth-of-values',
    from: ['CVE-2023-28867', 'CVE-2022-21708'],
    tries: 'lists and objects inside each other as an argument, and list types of a variable, 50,000 levels: no stack may overflow',
    async attack(target) {
      const depth = 50_000;
      return (
        (await ask(target, `{ template(id: ${'['.repeat(depth)}1${']'.repeat(depth)}) { id } }`)) ??
        (await ask(target, `{ templates(filter: ${'{a:'.repeat(depth)}1${'}'.repeat(depth)}) { nodes { id } } }`)) ??
        ask(target, `query ($a: ${'['.repeat(depth)}Int${']'.repeat(depth)}) { __typename }`)
      );
    },
  }),
  volumeCase({
    name: 'depth-of-introspection',
    from: ['CVE-2024-40094'],
    tries: 'the types of the fields of the types of the fields, by an administrator who may introspect: large, and told so',
    async attack({ client, token }) {
      const query = `{ __schema { types { ${'fields { type { '.repeat(9)} name ${'} }'.repeat(9)} } } }`;
      return refused(await client.graphql({ query, token: await token({ roles: ['admin'] }) }), [...TOO_MUCH, ...NOT_VALID]);
    },
  }),
  volumeCase({
    name: 'token-flood',
    from: ['GraphQL over HTTP: resource exhaustion', 'graphql-js maxTokens'],
    tries: 'a document of 300,000 tokens within the body limit; refused while it is read',
    attack: (target) => ask(target, `{ ${'a '.repeat(300_000)} }`, [...TOO_MUCH, ...NOT_PARSED]),
  }),
  volumeCase({
    name: 'document-of-noise',
    from: ['CWE-400'],
    tries: '900 kB of commas, comments or blanks around one field: nothing of it is kept in a cache that can be filled',
    async attack(target) {
      for (const noise of [','.repeat(900_000), '#x\n'.repeat(300_000), '\n'.repeat(900_000)]) {
        const reply = await target.client.graphql({ query: `{ __typename } ${noise}`, token: await target.token() });
        const finding = reply.status === 200 && reply.errors.length === 0 ? undefined : refused(reply, REFUSALS);
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
  }),
  volumeCase({
    name: 'operations-by-the-thousand',
    from: ['CWE-400'],
    tries: 'thousands of operations in one document, of which one is run; and thousands of variables nobody uses',
    async attack(target) {
      return (
        (await ask(
          target,
          repeated(8_000, (index) => `query Q${index} { __typename }`),
        )) ?? ask(target, `query (${repeated(8_000, (index) => `$v${index}: Int`)}) { __typename }`)
      );
    },
  }),
  volumeCase({
    name: 'defer-flood',
    from: ['graphql-js: incremental delivery'],
    tries: 'hundreds of deferred parts, nested and side by side, each of which would be an answer of its own',
    async attack({ client, token }) {
      const parts = repeated(
        900,
        (index) => `... @defer(label: "p${index}") { a${index}: name ... @defer(label: "q${index}") { b${index}: name } }`,
      );
      const reply = await client.graphql({
        query: `{ template(id: "1") { id ${parts} } }`,
        token: await token(),
        headers: { accept: 'multipart/mixed, application/json' },
      });
      return refused(reply, TOO_MUCH);
    },
  }),
  volumeCase({
    name: 'string-of-ten-megabytes',
    from: ['OWASP GraphQL: input validation'],
    tries: 'a document, and a variable, of 10 MB: 413, and the rest of the body is not read',
    async attack(target) {
      const { client } = target;
      const big = 'x'.repeat(10_000_000);
      return (
        refusedWith(await client.graphql({ query: `{ template(id: "${big}") { id } }` }), 413, 0) ??
        refusedWith(await client.graphql({ query: 'query ($id: ID!) { template(id: $id) { id } }', variables: { id: big } }), 413, 0)
      );
    },
  }),
  volumeCase({
    name: 'numbers-without-end',
    from: ['CWE-1333', 'CVE-2023-26144'],
    tries: 'numbers of half a million digits and exponents: an error, in no time that grows with their square',
    async attack(target) {
      const digits = '9'.repeat(500_000);
      return (
        (await ask(target, `{ templates(first: ${digits}) { nodes { id } } }`)) ??
        (await ask(target, `{ templates(first: 1e${digits}) { nodes { id } } }`)) ??
        ask(target, `{ templates(first: ${digits.slice(0, 20)}) { nodes { id } } }`)
      );
    },
  }),
];

import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, NOT_ALLOWED, NOT_VALID, passes, refused, summaryOf, withheld } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const REFUSALS = [...NOT_ALLOWED, ...NOT_VALID];

/** Those who may see the schema do. */
const control = async ({ client, token }: Target): Promise<Finding> =>
  passes(await client.graphql({ query: getIntrospectionQuery(), token: await token({ roles: ['admin'] }) }), '__schema.types');

const introspectionCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

export const introspectionCases: readonly AbuseCase[] = [
  introspectionCase({
    name: 'introspection-by-a-stranger',
    from: ['OWASP GraphQL: introspection', 'CVE-2025-53364', 'GHSA-w42g-7vfc-xf37'],
    tries: 'the schema, by nobody: whole, by one type, under an alias, in fragments, beside other fields, under conditions',
    attack: ({ client }) =>
      eachOf(
        {
          whole: getIntrospectionQuery(),
          schema: '{ __schema { queryType { name } } }',
          type: '{ __type(name: "Query") { fields { name } } }',
          alias: '{ harmless: __schema { types { name } } }',
          fragment: '{ ...F } fragment F on Query { __schema { types { name } } }',
          inline: '{ ... on Query { ... { __type(name: "Mutation") { fields { name args { name } } } } } }',
          beside: '{ templateCategories { id } __schema { types { name } } }',
          condition: 'query ($on: Boolean = true) { __typename __schema @include(if: $on) { types { name } } }',
          defer: '{ __typename ... @defer { __schema { types { name } } } }',
          blanks: '{ __schema\n#\n{\ttypes\r\n{,name,} } }',
        },
        async (query) => {
          const reply = await client.graphql({ query });
          const paths = ['__schema', '__type', 'harmless'];
          return refused(reply, REFUSALS) === undefined ? undefined : withheld(reply, paths, REFUSALS);
        },
      ),
  }),
  introspectionCase({
    name: 'introspection-by-other-transports',
    from: ['OWASP GraphQL: introspection', 'CVE-2025-53364'],
    tries: 'the schema by GET, as a persisted operation, in a batch, by the other name of the operation',
    async attack({ client }) {
      const query = '{ __schema { types { name } } }';
      const sha256Hash = createHash('sha256').update(query).digest('hex');
      const get = await client.send({
        method: 'GET',
        path: `/graphql?query=${encodeURIComponent(query)}`,
        headers: { 'apollo-require-preflight': '1' },
      });
      const persisted = await client.graphql({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } });
      const byHash = await client.graphql({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
      const named = await client.graphql({ query: `query A { __typename } query B ${query}`, operationName: 'B' });
      const batch = await client.send({ headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ query }]) });
      if (batch.text.includes('"types"')) return `in a batch: ${summaryOf(batch)}`;
      return (
        refused(get, REFUSALS) ??
        refused(persisted, REFUSALS) ??
        refused(byHash, [...REFUSALS, 'PERSISTED_QUERY_NOT_FOUND']) ??
        refused(named, REFUSALS)
      );
    },
  }),
  introspectionCase({
    name: 'suggestions-tell-the-schema',
    from: ['graphql-cop: field suggestions', 'OWASP GraphQL: excessive errors', 'Clairvoyance'],
    tries: 'names that are nearly right (of fields, arguments, types, enum values, input fields): no answer may say "Did you mean"',
    attack: ({ client }) =>
      eachOf(
        {
          field: '{ templat { id } }',
          nested: '{ templates(first: 1) { nodes { nam } } }',
          argument: '{ template(i: "1") { id } }',
          type: '{ ... on Quer { __typename } }',
          value: '{ templates(orderBy: { field: NAM, direction: ASC }) { nodes { id } } }',
          input: '{ templates(filter: { nameContain: "x" }) { nodes { id } } }',
          variable: 'query ($f: TemplateFilterInpu) { templates(filter: $f) { nodes { id } } }',
          directive: '{ __typename @includ(if: true) }',
          mutation: 'mutation { createTemplat { template { id } } }',
        },
        async (query) => {
          const reply = await client.graphql({ query });
          return /did you mean/i.test(reply.text) ? `it suggests: ${summaryOf(reply)}` : refused(reply, NOT_VALID);
        },
      ),
  }),
  introspectionCase({
    name: 'suggestions-by-variables',
    from: ['Clairvoyance', 'OWASP GraphQL: excessive errors'],
    tries: 'the same by the values of variables, which other code checks',
    attack: ({ client }) =>
      eachOf<{ readonly query: string; readonly variables: unknown }>(
        {
          input: {
            query: 'query ($f: TemplateFilterInput) { templates(filter: $f) { nodes { id } } }',
            variables: { f: { nameContain: 'x' } },
          },
          value: {
            query: 'query ($o: TemplateOrderInput) { templates(orderBy: $o) { nodes { id } } }',
            variables: { o: { field: 'NAM', direction: 'ASC' } },
          },
        },
        async (attack) => {
          const reply = await client.graphql(attack);
          return /did you mean/i.test(reply.text) ? `it suggests: ${summaryOf(reply)}` : refused(reply, ['BAD_USER_INPUT', ...NOT_VALID]);
        },
      ),
  }),
  introspectionCase({
    name: 'federation-fields-through-the-gateway',
    from: ['Apollo: _entities and _service', 'CWE-668'],
    tries: "the subgraphs' own fields, _service and _entities, and supergraph types: they are no part of the API",
    attack: ({ client, token, fixtures }) =>
      eachOf(
        {
          service: '{ _service { sdl } }',
          entities: `{ _entities(representations: [{ __typename: "Template", id: "${fixtures.templateId}" }]) { ... on Template { content } } }`,
          user: '{ _entities(representations: [{ __typename: "User", id: "1" }]) { ... on User { id } } }',
          any: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
          join: '{ __typename @join__field(graph: TEMPLATES) }',
        },
        async (query) =>
          refused(
            await client.graphql({
              query,
              variables: { r: [{ __typename: 'Template', id: '1' }] },
              token: await token({ roles: ['admin'] }),
            }),
            NOT_VALID,
          ),
      ),
  }),
  introspectionCase({
    name: 'explain-by-a-stranger',
    from: ['OWASP GraphQL: excessive errors', 'CWE-200'],
    tries: 'query plans, owners and timings of a request, by nobody and by a user who may not; for a mutation nothing happens',
    async attack({ client, token, tag }) {
      const ask = { query: '{ templateCategories { id } }', extensions: { explain: true } };
      const write = {
        query: 'mutation ($input: CreateTemplateCategoryInput!) { createTemplateCategory(input: $input) { category { id } } }',
        variables: { input: { slug: tag, name: tag } },
        extensions: { explain: 'plan' },
      };
      return (
        refused(await client.graphql(ask), ['UNAUTHENTICATED']) ??
        refused(await client.graphql({ ...ask, token: await token() }), ['FORBIDDEN']) ??
        refused(await client.graphql(write), ['UNAUTHENTICATED'])
      );
    },
  }),
  introspectionCase({
    name: 'errors-tell-no-insides',
    from: ['OWASP GraphQL: excessive errors', 'CWE-209'],
    tries: 'requests that fail in every stage: no stack, no path of a file, no statement, no name of a host in any answer',
    async attack({ client, token }) {
      const admin = await token({ roles: ['admin'] });
      const replies = [
        await client.graphql({ query: '{' }),
        await client.graphql({ query: '{ template(id: "\\u0000") { id } }' }),
        await client.graphql({ query: '{ template(id: 9999999999999999999999) { id } }' }),
        await client.graphql({ query: '{ templates(after: "AAAA") { nodes { id } } }' }),
        await client.graphql({ query: 'mutation { deleteTemplate(id: "\'") { deletedId } }', token: admin }),
        await client.graphql({ query: '{ deadLetter(id: "\\u0000") { id } }', token: admin }),
        await client.send({ path: '/graphql', headers: { 'content-type': 'application/json' }, body: '{"query":' }),
        await client.send({ method: 'GET', path: '/objects/%00' }),
        await client.send({ method: 'GET', path: '/nowhere' }),
      ];
      const insides = /node_modules|\bat \w+ \(|\.(js|ts):\d+|\bselect\b.+\bfrom\b|\binsert into\b|ECONNREFUSED|MATCH \(|pglite|mikro/i;
      const leak = replies.find(({ text }) => insides.test(text));
      const failed = replies.find(({ status, text }) => status >= 500 || text.includes('INTERNAL_SERVER_ERROR'));
      if (leak) return `it tells of its insides: ${leak.text.slice(0, 300)}`;
      return failed && `it failed inside: ${failed.text.slice(0, 300)}`;
    },
  }),
];

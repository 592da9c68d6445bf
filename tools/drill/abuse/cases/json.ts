import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, NOT_PARSED, NOT_VALID, passes, refused, summaryOf, TOO_MUCH } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const HEADERS = { 'content-type': 'application/json' };
const BAD = ['BAD_USER_INPUT', ...TOO_MUCH, ...NOT_PARSED, ...NOT_VALID];
const QUERY = 'query ($id: ID!) { template(id: $id) { id } }';

const control = async ({ client, fixtures }: Target): Promise<Finding> =>
  passes(
    await client.send({
      headers: HEADERS,
      body: `\ufeff${JSON.stringify({ query: QUERY, variables: { id: fixtures.templateId, unused: { proto: 1 } }, operationName: null })}`,
    }),
    'template.id',
  );

const jsonCase = (one: Omit<AbuseCase, 'control'>): AbuseCase => ({ ...one, control });

const sendEach = (
  { client }: Target,
  bodies: Readonly<Record<string, string | Buffer>>,
  codes: readonly string[] = BAD,
): Promise<Finding> => eachOf(bodies, async (body) => refused(await client.send({ headers: HEADERS, body }), codes));

/** A property that would be there for every object, had it got in. */
const isPolluted = async ({ client, token, probe: { query } }: Target): Promise<Finding> => {
  const reply = await client.graphql({ query: '{ templateCategories { id } }', token: await token() });
  const probe = await client.graphql({ query, token: await token() });
  if (reply.status !== 200 || reply.text.includes('polluted')) return `afterwards: ${summaryOf(reply)}`;
  return refused(probe, ['FORBIDDEN', 'UNAUTHENTICATED']);
};

export const jsonCases: readonly AbuseCase[] = [
  jsonCase({
    name: 'prototype-by-json-keys',
    from: ['CVE-2026-32621', 'CWE-1321', 'CVE-2018-3721'],
    tries:
      'the keys __proto__ and constructor.prototype, at every place of a request, plain and with escapes: refused, and no object has roles by it',
    async attack(target) {
      const poison = '{"polluted":true,"roles":["admin"],"userId":"admin"}';
      return (
        (await sendEach(target, {
          variables: `{"query":"{ __typename }","variables":{"__proto__":${poison}}}`,
          nested: `{"query":"{ __typename }","variables":{"a":[{"b":{"__proto__":${poison}}}]}}`,
          escaped: `{"query":"{ __typename }","variables":{"\\u005f_proto__":${poison}}}`,
          top: `{"query":"{ __typename }","__proto__":${poison}}`,
          extensions: `{"query":"{ __typename }","extensions":{"__proto__":${poison}}}`,
          'as parameters': '{"__proto__":{"query":"{ __typename }"}}',
        })) ?? isPolluted(target)
      );
    },
  }),
  jsonCase({
    name: 'prototype-by-constructor-keys',
    from: ['CVE-2019-10744', 'CWE-1321'],
    tries: 'constructor and prototype as keys of variables that are stored and read back: data like any other, and nothing else changes',
    async attack(target) {
      const { client, token, fixtures, tag } = target;
      const input = {
        name: tag,
        slug: tag,
        categoryId: fixtures.categoryId,
        variables: {
          constructor: { prototype: { polluted: true, isAdmin: true } },
          prototype: { polluted: true },
          toString: 'x',
          hasOwnProperty: 1,
        },
      };
      const reply = await client.graphql({
        query: 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id variables } } }',
        variables: { input },
        token: await token({ roles: ['admin'] }),
      });
      const polluted = Object.hasOwn(Object.prototype, 'polluted');
      if (reply.status >= 500 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return summaryOf(reply);
      const { status, errors, text } = await client.graphql({ query: '{ templateCategories { id } }', token: await token() });
      if (polluted || status !== 200 || errors.length > 0 || text.includes('polluted'))
        return `afterwards: ${status} ${text.slice(0, 200)}`;
      return (await isPolluted(target)) ?? undefined;
    },
    repeats: false,
  }),
  jsonCase({
    name: 'prototype-by-names-of-an-operation',
    from: ['CVE-2026-32621', 'GHSA-pfjj-6f4p-rvmh'],
    tries:
      'aliases, variables, fragments, operations and arguments called __proto__, constructor, toString: an answer with those keys, or refused; nothing leaks into other objects',
    async attack(target) {
      const { client, fixtures, token } = target;
      const id = fixtures.templateId;
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
      for (const name of names) {
        const attacks = [
          { query: `{ ${name}: template(id: "${id}") { ${name}: id } }` },
          { query: `{ a: template(id: "${id}") { ${name}: category { polluted: id } } }` },
          {
            query: `query ($${name}: ID!) { template(id: $${name}) { id } }`,
            variables: JSON.parse(`{"${name === '__proto__' ? 'x' : name}":"${id}"}`) as object,
          },
          { query: `query ${name} { __typename ...${name} } fragment ${name} on Query { templateCategories { id } }`, operationName: name },
          { query: `{ template(id: "${id}", ${name}: 1) { id } }` },
          { query: `{ ${name} }` },
        ];
        for (const attack of attacks) {
          const reply = await client.graphql({ ...attack, token: await token() });
          if (reply.status >= 500 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return `${attack.query}: ${summaryOf(reply)}`;
        }
      }
      return isPolluted(target);
    },
  }),
  jsonCase({
    name: 'operation-name-of-a-prototype',
    from: ['CWE-1321'],
    tries: 'an operationName that every object has: no such operation',
    attack: ({ client }) =>
      eachOf({ proto: '__proto__', constructor: 'constructor', toString: 'toString' }, async (operationName) =>
        refused(await client.graphql({ query: 'query A { __typename } query B { __typename }', operationName }), [
          'OPERATION_RESOLUTION_FAILURE',
          ...BAD,
        ]),
      ),
  }),
  jsonCase({
    name: 'json-keys-twice',
    from: ['RFC 8259 §4', 'CWE-436'],
    tries:
      'a key that comes twice, so that a filter reads one and the server the other: the mutation that hides behind a query is judged by itself',
    async attack({ client, token, tag }) {
      const mutation = `mutation { createTemplateCategory(input: { slug: \\"${tag}\\", name: \\"x\\" }) { category { id } } }`;
      const body = `{"query":"{ __typename }","query":"${mutation}"}`;
      const reply = await client.send({ headers: { ...HEADERS, authorization: `Bearer ${await token()}` }, body });
      return refused(reply, ['FORBIDDEN', 'UNAUTHENTICATED', 'BAD_REQUEST']);
    },
  }),
  jsonCase({
    name: 'json-depth-bomb',
    from: ['CVE-2025-57319', 'CWE-674'],
    tries:
      'arrays and objects inside each other, half a million levels, in variables and around everything: refused, and no stack overflows',
    attack: (target) => {
      const depth = 400_000;
      return sendEach(target, {
        arrays: `{"query":"{ __typename }","variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
        objects: `{"query":"{ __typename }","variables":${'{"a":'.repeat(120_000)}1${'}'.repeat(120_000)}}`,
        unclosed: '['.repeat(depth),
        body: `${'['.repeat(depth)}${']'.repeat(depth)}`,
      });
    },
  }),
  jsonCase({
    name: 'json-depth-in-a-scalar',
    from: ['CWE-674'],
    tries: 'the same at the one place where a value of any shape is taken and stored (a JSON scalar)',
    async attack({ client, token, fixtures, tag }) {
      const depth = 50_000;
      const authorization = `Bearer ${await token({ roles: ['admin'] })}`;
      const query = 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
      const variables = `{"input":{"name":"${tag}","categoryId":"${fixtures.categoryId}","variables":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}}`;
      const reply = await client.send({
        headers: { ...HEADERS, authorization },
        body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
      });
      return refused(reply, BAD);
    },
  }),
  jsonCase({
    name: 'json-that-is-none',
    from: ['RFC 8259', 'CWE-20'],
    tries: 'NaN, Infinity, comments, single quotes, trailing text, two values, bare words; 400',
    attack: (target) =>
      sendEach(target, {
        NaN: '{"query":"{ __typename }","variables":{"a":NaN}}',
        Infinity: '{"query":"{ __typename }","variables":{"a":Infinity}}',
        comment: '{"query":"{ __typename }"/* */}',
        quotes: "{'query':'{ __typename }'}",
        trailing: '{"query":"{ __typename }"} x',
        two: '{"query":"{ __typename }"}{"query":"{ __typename }"}',
        word: 'true',
        number: '1',
        text: '"{ __typename }"',
        null: 'null',
        nothing: '',
        blanks: '   ',
        'null byte': '{"query":"{ __typename }"\u0000}',
      }),
  }),
  jsonCase({
    name: 'parameters-of-other-types',
    from: ['CWE-843', 'CWE-20'],
    tries: 'a query that is a list or an object, variables that are a text or a list, an operationName that is a number; 400',
    attack: (target) =>
      sendEach(target, {
        'query list': '{"query":["{ __typename }"]}',
        'query object': '{"query":{"toString":"{ __typename }"}}',
        'query number': '{"query":1}',
        'variables text': '{"query":"{ __typename }","variables":"{}"}',
        'variables list': '{"query":"{ __typename }","variables":[1]}',
        'name number': '{"query":"query A { __typename }","operationName":1}',
        'name list': '{"query":"query A { __typename }","operationName":["A"]}',
        'extensions list': '{"query":"{ __typename }","extensions":[]}',
      }),
  }),
  jsonCase({
    name: 'bytes-that-are-no-text',
    from: ['CVE-2021-43801', 'CWE-172'],
    tries:
      'invalid UTF-8, overlong forms, lone surrogates, null and control characters in documents and values: an error or an answer, nothing stored by halves',
    async attack(target) {
      const { client, token, tag } = target;
      const authorization = `Bearer ${await token({ roles: ['admin'] })}`;
      const quoted = (bytes: readonly number[]): Buffer =>
        Buffer.concat([Buffer.from('{"query":"{ template(id: \\"'), Buffer.from(bytes), Buffer.from('\\") { id } }"}')]);
      const bodies: Readonly<Record<string, Buffer | string>> = {
        continuation: quoted([0x80]),
        overlong: quoted([0xc0, 0xaf]),
        cut: quoted([0xe2, 0x82]),
        surrogate: quoted([0xed, 0xa0, 0x80]),
        high: quoted([0xff, 0xfe, 0xfd]),
        'null escape': '{"query":"{ template(id: \\"\\\\u0000\\") { id } }"}',
        'lone surrogate': '{"query":"query($a:ID!){template(id:$a){id}}","variables":{"a":"\\ud800"}}',
        'reversed pair': '{"query":"query($a:ID!){template(id:$a){id}}","variables":{"a":"\\udc00\\ud800"}}',
        'null in search': '{"query":"query($a:String!){searchTemplates(query:$a){hits{score}}}","variables":{"a":"a\\u0000b"}}',
        'surrogate in search': '{"query":"query($a:String!){searchTemplates(query:$a){hits{score}}}","variables":{"a":"\\udfff"}}',
        'null stored': `{"query":"mutation($i:CreateTemplateCategoryInput!){createTemplateCategory(input:$i){category{id}}}","variables":{"i":{"slug":"${tag}","name":"a\\u0000b"}}}`,
        'surrogate stored': `{"query":"mutation($i:CreateTemplateCategoryInput!){createTemplateCategory(input:$i){category{id}}}","variables":{"i":{"slug":"${tag}-s","name":"\\ud800"}}}`,
      };
      return eachOf(bodies, async (body, name) => {
        const reply = await client.send({ headers: { ...HEADERS, authorization }, body });
        if (reply.status >= 500 || reply.text.includes('INTERNAL_SERVER_ERROR')) return summaryOf(reply);
        return name.endsWith('stored') ? refused(reply, BAD) : undefined;
      });
    },
  }),
  jsonCase({
    name: 'keys-by-the-hundred-thousand',
    from: ['CVE-2011-4461', 'CWE-407'],
    tries: 'an object of a hundred thousand keys as variables, with keys that are numbers: refused or passed over in a second',
    async attack({ client }) {
      const variables = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1]));
      const numbers = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [String(index * 7_919), 1]));
      return eachOf({ variables, numbers }, async (all) => {
        const reply = await client.graphql({ query: '{ __typename }', variables: all });
        if (reply.durationMs > 1_000) return `it took ${reply.durationMs.toFixed(0)} ms`;
        return reply.status === 200 ? undefined : refused(reply, BAD);
      });
    },
  }),
];

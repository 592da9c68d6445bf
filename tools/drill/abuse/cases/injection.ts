import { createHash } from 'node:crypto';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, passes, shortened, summaryOf, valueAt } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';
import { stringArguments, type StringArgument } from './string-arguments.ts';

/** A statement that waits this long has run what we sent. */
const SLEEP_SECONDS = 8;
const SLOW_MS = 4_000;

const sql = [
  `' OR '1'='1`,
  `1' OR 1=1 -- `,
  `'; DROP TABLE template; --`,
  `" OR ""="`,
  `') UNION SELECT NULL, version(), NULL -- `,
  `'||(SELECT pg_sleep(${SLEEP_SECONDS}))||'`,
  `1; SELECT SLEEP(${SLEEP_SECONDS})`,
  `\\' OR 1=1 #`,
  `%' ESCAPE '%`,
  `$$; SELECT 1; $$`,
  `\` OR 1=1`,
  `{"$gt":""}`,
];
const cypher = [
  `' OR 1=1 RETURN n //`,
  `'}) MATCH (n) DETACH DELETE n //`,
  `\`) DETACH DELETE (n`,
  `\\u0027 OR true //`,
  `'}) CALL apoc.util.sleep(${SLEEP_SECONDS * 1_000}) //`,
  `') CALL db.labels() YIELD label RETURN label //`,
  `$param`,
];
const others = [
  `\${7*7}{{7*7}}<%= 7*7 %>`,
  `$(sleep ${SLEEP_SECONDS})`,
  `| sleep ${SLEEP_SECONDS} &`,
  `<script>alert(1)</script>`,
  `*)(uid=*))(|(uid=*`,
  `a\r\nSet-Cookie: x=y`,
  `../../../../etc/passwd`,
  `javascript:alert(1)`,
  `\u202Eabuse`,
];

/** What of a database, a shell or a template must not come back. */
const INSIDES = /syntax error|PostgreSQL|ER_PARSE|Neo4jError|Cypher|SQLSTATE|pg_catalog|root:x:0|near "|49\{\{/i;

/** Each text at each place, or one of them drawn for each where there are many. */
async function injectEverywhere(target: Target, texts: readonly string[], skip: (argument: StringArgument) => boolean): Promise<Finding> {
  const { schema, random, tag } = target;
  for (const argument of stringArguments(schema).filter((one) => !skip(one))) {
    const text = random.pick(texts);
    const { query, variables } = argument.operation(text);
    // Each place by people who have asked nothing before: no budget may be in the way.
    const client = target.newClient();
    const userId = createHash('sha256').update(`${tag} ${argument.field} ${argument.path}`).digest('hex').slice(0, 32);
    for (const roles of [['admin'], []]) {
      const reply = await client.graphql({ query, variables, token: await target.token({ userId, roles }) });
      const finding = judge(reply, text);
      if (finding !== undefined) return `${argument.field}(${argument.path}) with ${JSON.stringify(text)}: ${finding}`;
    }
  }
  return undefined;
}

function judge(reply: Parameters<typeof summaryOf>[0], text: string): Finding {
  if (reply.durationMs > SLOW_MS) return `it took ${reply.durationMs.toFixed(0)} ms`;
  const messages = reply.errors.map(({ message }) => message.replaceAll(text, '')).join(' ');
  if (INSIDES.test(messages)) return `an error tells of its insides: ${shortened(messages)}`;
  if (reply.status >= 500 || reply.status === 0) return `it failed inside: ${summaryOf(reply)}`;
  const failed = reply.errors.find(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR');
  return failed && `it failed inside: ${summaryOf(reply)}`;
}

/** Mutations that end or lock what the drill itself needs, whatever their arguments say. */
const harmful = ({ field }: StringArgument): boolean => /^(logoutEverywhere)$/.test(field);

const control = async ({ client, fixtures, token }: Target): Promise<Finding> =>
  passes(
    await client.graphql({
      query: `query ($id: ID!) { template(id: $id) { name } templates(filter: { nameContains: "may touch" }) { nodes { id } } }`,
      variables: { id: fixtures.templateId },
      token: await token(),
    }),
    'template.name',
    'templates.nodes.0',
  );

export const injectionCases: readonly AbuseCase[] = [
  {
    name: 'sql-in-every-argument',
    from: ['OWASP GraphQL: injection', 'CWE-89'],
    tries:
      'SQL in every argument of the public schema that takes a text, by an administrator and by a user: data like any other, no error of a database, no wait, no record changed',
    attack: (target) => injectEverywhere(target, sql, harmful),
    control,
    repeats: false,
  },
  {
    name: 'cypher-in-every-argument',
    from: ['OWASP GraphQL: injection', 'CWE-943'],
    tries: 'Cypher in every argument that takes a text; as above',
    attack: (target) => injectEverywhere(target, cypher, harmful),
    control,
    repeats: false,
  },
  {
    name: 'shell-markup-and-templates-in-every-argument',
    from: ['OWASP GraphQL: OS command injection', 'CWE-78', 'CWE-79', 'CWE-1336'],
    tries: 'commands, markup, templates, line ends and paths in every argument that takes a text; as above, and nothing is evaluated',
    attack: (target) => injectEverywhere(target, others, harmful),
    control,
    repeats: false,
  },
  {
    name: 'sql-that-would-find-all',
    from: ['CWE-89', 'CWE-943'],
    tries: 'conditions that are always true, where a condition on a column or a node would be written: nothing is found by them',
    attack: ({ client, token }) =>
      eachOf(Object.fromEntries([...sql, ...cypher].map((text) => [text, text])), async (text) => {
        const reply = await client.graphql({
          query: `query ($text: String!, $id: ID!) {
            template(id: $id) { id }
            templates(filter: { nameContains: $text }, first: 5) { nodes { id } }
            owned: templates(filter: { createdBy: $id }, first: 5) { nodes { id } }
          }`,
          variables: { text, id: text },
          token: await token(),
        });
        if (reply.status !== 200 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return summaryOf(reply);
        const found = [valueAt(reply.data, 'template.id'), valueAt(reply.data, 'templates.nodes.0'), valueAt(reply.data, 'owned.nodes.0')];
        return found.some((value) => value != null) ? `it found ${shortened(reply.text)}` : undefined;
      }),
    control,
  },
  {
    name: 'addresses-in-fields-that-hold-them',
    from: ['OWASP GraphQL: SSRF', 'CWE-918'],
    tries:
      "addresses of the inside in fields that hold a URL (a template's preview, a locale, a link): kept as text or refused, and nobody is called",
    async attack({ client, token, listener, fixtures, tag }) {
      const bearer = await token({ roles: ['admin'] });
      const called = listener.calls.length;
      const urls = [
        `${listener.url}/latest/meta-data`,
        `${listener.url.replace('127.0.0.1', 'localhost')}/x`,
        'file:///etc/passwd',
        'gopher://127.0.0.1:1/x',
      ];
      for (const [index, preview] of urls.entries()) {
        const reply = await client.graphql({
          query: 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id preview } } }',
          variables: {
            input: { name: `${tag} ${index}`, slug: `${tag}-${index}`, categoryId: fixtures.categoryId, preview, content: preview },
          },
          token: bearer,
        });
        if (reply.status >= 500 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return summaryOf(reply);
      }
      return listener.calls.length === called ? undefined : `the gateway called ${listener.calls.at(-1)}`;
    },
    control,
    repeats: false,
  },
];

import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, passes, refused, summaryOf, TOO_MUCH } from '../attack/expect.ts';
import type { AttackClient, GraphqlAttack, Reply } from '../attack/client.ts';
import type { Target } from '../attack/target.ts';

const OUT_OF_RANGE = ['BAD_USER_INPUT', 'PAGE_LIMIT_EXCEEDED', 'GRAPHQL_VALIDATION_FAILED', ...TOO_MUCH];

const PAGE = `query ($first: Int) { templates(first: $first) { nodes { id name category { id name } } } }`;

const control = async ({ client, token }: Target): Promise<Finding> =>
  passes(await client.graphql({ query: PAGE, variables: { first: 100 }, token: await token() }), 'templates.nodes');

/** As dear as one request may be, nearly. */
const DEAR = `{ ${Array.from({ length: 12 }, (_, index) => `p${index}: templates(first: 100) { nodes { id name category { id } } }`).join(' ')} }`;
/** More of them than any budget of the drill lets pass. */
const UNTIL_SPENT = 120;

/** Asks for much until it is refused. @returns the refusal; undefined when it never came */
async function spend(clientOf: (turn: number) => AttackClient, attack: GraphqlAttack): Promise<Reply | undefined> {
  for (let turn = 0; turn < UNTIL_SPENT; turn++) {
    const reply = await clientOf(turn).graphql(attack);
    if (codeOf(reply) !== undefined) return reply;
  }
  return undefined;
}

function refusedByBudget(reply: Reply | undefined): Finding {
  if (!reply) return `${UNTIL_SPENT} dear requests were answered`;
  const seconds = Number(reply.headers['retry-after']);
  return refused(reply, ['RATE_LIMITED'], 429) ?? (seconds > 0 ? undefined : 'the refusal does not say when to come again (Retry-After)');
}

const costCase = (one: Omit<AbuseCase, 'control'>): AbuseCase => ({ ...one, control });

export const costCases: readonly AbuseCase[] = [
  costCase({
    name: 'page-size-by-variable',
    from: ['OWASP GraphQL: DoS', 'OWASP API4:2023'],
    tries: 'pages of a million, of -1, of half an item, of a text: an error of the argument, and no page that large',
    attack: ({ client, token }) =>
      eachOf(
        { million: 1_000_000, most: 2_147_483_647, more: 2_147_483_648, negative: -1, half: 0.5, text: '100', list: [100] },
        async (first) => refused(await client.graphql({ query: PAGE, variables: { first }, token: await token() }), OUT_OF_RANGE),
      ),
  }),
  costCase({
    name: 'cost-by-variables',
    from: ['OWASP GraphQL: query cost analysis', 'GHSA-ph52-67fq-75wj'],
    tries: 'a small document whose cost stands in its variables: twenty pages of a hundred templates with a hundred ratings each',
    async attack({ client, token }) {
      const pages = Array.from(
        { length: 20 },
        (_, index) =>
          `p${index}: templates(first: $first) { nodes { id name content category { id name description } } } s${index}: searchTemplates(query: $text, first: $first) { hits { template { id content category { id } } } }`,
      ).join(' ');
      const query = `query ($first: Int!, $text: String!) { ${pages} }`;
      return refused(await client.graphql({ query, variables: { first: 100, text: 'abuse' }, token: await token() }), TOO_MUCH);
    },
  }),
  costCase({
    name: 'cost-of-a-known-operation-grows',
    from: ['OWASP GraphQL: query cost analysis', 'GHSA-rr4x-crhf-8886'],
    tries:
      'an operation that passed with small variables, again with large ones: what was decided of the text must not decide for all variables',
    async attack(target) {
      const { client, token, tag } = target;
      const pages = Array.from(
        { length: 40 },
        (_, index) => `p${index}: templates(first: $first) { nodes { id name content category { id name } } }`,
      );
      const query = `query Known${tag.replaceAll(/\W/g, '')}($first: Int!) { ${pages.join(' ')} }`;
      const bearer = await token();
      const small = await client.graphql({ query, variables: { first: 1 }, token: bearer });
      if (small.status !== 200 || small.errors.length > 0) return `the small form is refused: ${summaryOf(small)}`;
      return refused(await client.graphql({ query, variables: { first: 100 }, token: bearer }), TOO_MUCH);
    },
  }),
  costCase({
    name: 'lists-as-arguments',
    from: ['OWASP GraphQL: DoS', 'CWE-770'],
    tries: 'filters with a hundred thousand ids, tags, or categories: an error of the argument or of the size',
    attack: ({ client, token }) => {
      const many = Array.from({ length: 60_000 }, (_, index) => String(index));
      const query = 'query ($filter: TemplateFilterInput) { templates(filter: $filter, first: 1) { nodes { id } } }';
      return eachOf({ ids: { ids: many }, categoryIds: { categoryIds: many }, tags: { tags: many } }, async (filter) =>
        refused(await client.graphql({ query, variables: { filter }, token: await token() }), OUT_OF_RANGE),
      );
    },
  }),
  costCase({
    name: 'import-without-end',
    from: ['CWE-770'],
    tries: 'an import of ten thousand rows at once, though a hundred are documented: refused as a whole',
    async attack({ client, token, tag }) {
      const rows = Array.from({ length: 5_000 }, (_, index) => ({ slug: `${tag}-${index}`, name: 'x', category: 'abuse' }));
      const query = 'mutation ($input: ImportTemplatesInput!) { importTemplates(input: $input) { created } }';
      return refused(
        await client.graphql({ query, variables: { input: { rows } }, token: await token({ roles: ['admin'] }) }),
        OUT_OF_RANGE,
      );
    },
  }),
  costCase({
    name: 'path-search-without-end',
    from: ['CWE-834'],
    tries: 'a shortest path of a thousand steps: the depth of a traversal is bounded',
    attack: ({ client, token, fixtures }) =>
      eachOf({ thousand: 1_000, most: 2_147_483_647, negative: -5 }, async (maxDepth) =>
        refused(
          await client.graphql({
            query:
              'query ($id: ID!, $maxDepth: Int!) { templatePath(fromId: $id, toId: "no-such-template", maxDepth: $maxDepth) { length } }',
            variables: { id: fixtures.templateId, maxDepth },
            token: await token(),
          }),
          OUT_OF_RANGE,
        ),
      ),
  }),
  costCase({
    name: 'text-that-backtracks',
    from: ['CWE-1333'],
    tries:
      'search texts, patterns and slugs made for expressions that backtrack, and wildcards by the thousand: answered or refused in two seconds',
    attack: ({ client, token }) => {
      const texts = {
        a: `${'a'.repeat(400)}!`,
        wildcards: '%_'.repeat(200),
        blanks: `${' '.repeat(450)}x`,
        hyphens: `${'a-'.repeat(240)}!`,
        brackets: '('.repeat(400),
        emoji: '👩‍👩‍👧‍👦'.repeat(40),
        marks: `e${'\u0301'.repeat(400)}`,
      };
      const query =
        'query ($text: String!) { searchTemplates(query: $text, first: 1) { hits { score } } templateSuggestions(prefix: $text, first: 1) templates(filter: { nameContains: $text }, first: 1) { nodes { id } } }';
      return eachOf(texts, async (text) => {
        const reply = await client.graphql({ query, variables: { text }, token: await token() });
        if (reply.durationMs > 2_000) return `it took ${reply.durationMs.toFixed(0)} ms`;
        const code = codeOf(reply);
        return code === undefined || OUT_OF_RANGE.includes(code) ? undefined : summaryOf(reply);
      });
    },
  }),
  costCase({
    name: 'budget-of-an-address',
    from: ['OWASP API4:2023', 'OWASP GraphQL: rate limiting', 'CWE-770'],
    tries:
      'one dear request after another, by nobody, from one address, which says in headers that it is another: 429 with Retry-After once the budget is spent; others are served',
    async attack({ client, newClient }) {
      const spoofed = { 'x-forwarded-for': '198.51.100.7', 'x-real-ip': '198.51.100.7', forwarded: 'for=198.51.100.7' };
      const finding = refusedByBudget(await spend(() => client, { query: DEAR }));
      const still = refusedByBudget(await client.graphql({ query: DEAR, headers: spoofed }));
      return finding ?? still ?? passes(await newClient().graphql({ query: '{ templateCategories { id } }' }), 'templateCategories');
    },
    repeats: false,
  }),
  costCase({
    name: 'budget-of-a-user',
    from: ['OWASP API4:2023', 'apollo router #1531', 'CWE-770'],
    tries: 'the same by one user from ever new addresses: the budget is the user’s, wherever they are; another user is served',
    async attack({ newClient, token, tag }) {
      const finding = refusedByBudget(await spend(newClient, { query: DEAR, token: await token() }));
      const other = await newClient().graphql({ query: '{ templateCategories { id } }', token: await token({ userId: `${tag}-other` }) });
      return finding ?? passes(other, 'templateCategories');
    },
    repeats: false,
  }),
];

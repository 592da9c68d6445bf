import { signDevelopmentToken } from '@loomgraph/auth';
import { TOKEN_SECRET } from '../../tools/harness/gateway-process.ts';
import type { GraphqlClient } from '../../tools/harness/graphql.ts';
import { createRandom } from '../../tools/harness/random.ts';
import type { GeneratedTemplate } from './generator.ts';

/** A template as the bench knows it to be: what answers are checked against. */
export interface KnownTemplate extends GeneratedTemplate {
  readonly id: string;
  readonly categoryId: string;
  uses: number;
  /** Hundredths, by user. */
  readonly ratings: Map<string, number>;
}

const IMPORT_ROWS = 100;
const PAGE = 100;
const MUTATIONS_PER_REQUEST = 25;
export const USERS = 20;
/** How many templates are used, and how many are rated, of however many: enough for pages whose order matters. */
const USED = 200;
const RATED = 100;
const RATERS = 3;

export const userId = (number: number): string => `bench-user-${number}`;

export function tokenFor(user: string, roles: readonly string[] = []): Promise<string> {
  return signDevelopmentToken({ secret: TOKEN_SECRET, userId: user, roles, ttlSeconds: 86_400 });
}

/** Imports the templates, then has some of them used and rated, all through the gateway. */
export async function populate(
  client: GraphqlClient,
  options: { templates: readonly GeneratedTemplate[]; adminToken: string; seed: number },
): Promise<KnownTemplate[]> {
  const { templates, adminToken, seed } = options;
  for (let start = 0; start < templates.length; start += IMPORT_ROWS) {
    const rows = templates.slice(start, start + IMPORT_ROWS);
    const query = 'mutation ($input: ImportTemplatesInput!) { importTemplates(input: $input) { created } }';
    const { importTemplates } = await client.run<{ importTemplates: { created: number } }>({
      query,
      variables: { input: { rows } },
      token: adminToken,
    });
    if (importTemplates.created !== rows.length)
      throw new Error(`An import of ${rows.length} new templates created ${importTemplates.created}.`);
  }
  const known = await readBack(client, templates);
  await useAndRate(client, known, seed);
  return known;
}

async function readBack(client: GraphqlClient, templates: readonly GeneratedTemplate[]): Promise<KnownTemplate[]> {
  const bySlug = new Map(templates.map((template) => [template.slug, template]));
  const known: KnownTemplate[] = [];
  let after: string | null = null;
  const query = `query ($after: String) { templates(first: ${PAGE}, after: $after, orderBy: { field: NAME, direction: ASC }) {
    nodes { id slug name category { id slug } } pageInfo { hasNextPage endCursor } } }`;
  interface Answer {
    readonly templates: {
      readonly nodes: readonly { id: string; slug: string; name: string; category: { id: string; slug: string } }[];
      readonly pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  for (;;) {
    const { templates: page }: Answer = await client.run<Answer>({ query, variables: { after } });
    for (const node of page.nodes) {
      const template = bySlug.get(node.slug);
      if (template?.name !== node.name || template.category !== node.category.slug)
        throw new Error(`Template ${node.slug} came back as "${node.name}" in ${node.category.slug}.`);
      known.push({ ...template, id: node.id, categoryId: node.category.id, uses: 0, ratings: new Map() });
    }
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  if (known.length !== templates.length) throw new Error(`${templates.length} templates were imported and ${known.length} listed.`);
  return known;
}

async function useAndRate(client: GraphqlClient, known: readonly KnownTemplate[], seed: number): Promise<void> {
  const random = createRandom(seed).fork('use and rate');
  const byUser = new Map<number, string[]>();
  const plan = (user: number, mutation: string): void => void byUser.set(user, [...(byUser.get(user) ?? []), mutation]);
  // Sorted by slug: the order of ids differs from run to run, the plan must not.
  for (const template of known.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))) {
    if (random.next() < USED / known.length) {
      const uses = random.integer(1, 3);
      for (let use = 0; use < uses; use++) plan(random.integer(0, USERS - 1), `useTemplate(templateId: "${template.id}") { usageCount }`);
      template.uses = uses;
    }
    if (random.next() < RATED / known.length) {
      const first = random.integer(0, USERS - 1);
      for (let rater = 0; rater < RATERS; rater++) {
        const user = (first + rater) % USERS;
        const hundredths = random.integer(100, 500);
        plan(user, `rateTemplate(input: { templateId: "${template.id}", rating: ${hundredths / 100} }) { template { id } }`);
        template.ratings.set(userId(user), hundredths);
      }
    }
  }
  for (const [user, mutations] of byUser) {
    const token = await tokenFor(userId(user));
    for (let start = 0; start < mutations.length; start += MUTATIONS_PER_REQUEST) {
      const fields = mutations.slice(start, start + MUTATIONS_PER_REQUEST).map((mutation, index) => `m${index}: ${mutation}`);
      await client.run({ query: `mutation { ${fields.join(' ')} }`, token });
    }
  }
}

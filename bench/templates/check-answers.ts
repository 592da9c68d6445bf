import type { GraphqlClient } from '../../tools/harness/graphql.ts';
import type { Random } from '../../tools/harness/random.ts';
import { PLANTED, PLANTED_QUERY } from './generator.ts';
import type { KnownTemplate } from './populate.ts';

const PAGE = 20;
const CHECKED_GETS = 50;

/** The order of `USAGE DESC`: ties by id, descending too. */
export function expectedOrder(known: readonly KnownTemplate[]): KnownTemplate[] {
  return known.toSorted((a, b) => b.uses - a.uses || (a.id < b.id ? 1 : -1));
}

/** The mean as the API states it: exact to the hundredth sum. */
export function expectedRating({ ratings }: KnownTemplate): number {
  return ratings.size === 0 ? 0 : [...ratings.values()].reduce((sum, one) => sum + one, 0) / 100 / ratings.size;
}

/** Fast and wrong must not pass: asks for what will be timed, and compares it with what was written. @returns what was wrong */
export async function checkAnswers(
  client: GraphqlClient,
  { known, random }: { known: readonly KnownTemplate[]; random: Random },
): Promise<string[]> {
  return [...(await checkList(client, known)), ...(await checkGets(client, known, random)), ...(await checkSearch(client))];
}

async function checkList(client: GraphqlClient, known: readonly KnownTemplate[]): Promise<string[]> {
  const order = expectedOrder(known);
  const category = order[0]?.categoryId ?? '';
  const problems: string[] = [];
  for (const [what, filter, expected] of [
    ['the list', null, order],
    ['the list of a category', { categoryIds: [category] }, order.filter(({ categoryId }) => categoryId === category)],
  ] as const) {
    const query = `query ($filter: TemplateFilterInput) { templates(filter: $filter, first: ${PAGE}, orderBy: { field: USAGE, direction: DESC }) {
      totalCount nodes { id usage category { slug } } } }`;
    interface Answer {
      readonly templates: { totalCount: number; nodes: readonly { id: string; usage: number; category: { slug: string } }[] };
    }
    const { templates } = await client.run<Answer>({ query, variables: { filter } });
    const page = expected.slice(0, PAGE).map(({ id, uses, category: slug }) => ({ id, usage: uses, category: { slug } }));
    if (templates.totalCount !== expected.length)
      problems.push(`${what} counts ${templates.totalCount} templates; there are ${expected.length}`);
    if (JSON.stringify(templates.nodes) !== JSON.stringify(page)) problems.push(`${what} does not hold the ${PAGE} most used in order`);
  }
  return problems;
}

async function checkGets(client: GraphqlClient, known: readonly KnownTemplate[], random: Random): Promise<string[]> {
  const rated = known.filter(({ ratings }) => ratings.size > 0);
  const problems: string[] = [];
  for (let index = 0; index < CHECKED_GETS; index++) {
    const template = random.pick(index % 2 === 0 && rated.length > 0 ? rated : known);
    interface Answer {
      readonly template: {
        name: string;
        rating: number;
        ratingCount: number;
        ratings: readonly { rating: number }[];
        category: { slug: string };
      } | null;
    }
    const query = 'query ($id: ID!) { template(id: $id) { name rating ratingCount ratings(first: 3) { rating } category { slug } } }';
    const { template: found } = await client.run<Answer>({ query, variables: { id: template.id } });
    const shown = found?.ratings.map(({ rating }) => Math.round(rating * 100)).toSorted((a, b) => a - b) ?? [];
    const right =
      found?.name === template.name &&
      found.rating === expectedRating(template) &&
      found.ratingCount === template.ratings.size &&
      found.category.slug === template.category &&
      shown.join() === [...template.ratings.values()].toSorted((a, b) => a - b).join();
    if (!right)
      problems.push(
        `template ${template.id} came as ${JSON.stringify(found)}; its rating is ${expectedRating(template)} by ${template.ratings.size}`,
      );
  }
  return problems;
}

async function checkSearch(client: GraphqlClient): Promise<string[]> {
  const query = 'query ($query: String!) { searchTemplates(query: $query, mode: VECTOR, first: 10) { hits { score template { slug } } } }';
  interface Answer {
    readonly searchTemplates: { readonly hits: readonly { score: number; template: { slug: string } }[] };
  }
  const { hits } = (await client.run<Answer>({ query, variables: { query: PLANTED_QUERY } })).searchTemplates;
  const problems: string[] = [];
  if (hits[0]?.template.slug !== PLANTED.slug)
    problems.push(`vector search found ${hits[0]?.template.slug ?? 'nothing'} first, not ${PLANTED.slug}`);
  if (hits.length !== 10) problems.push(`vector search answered ${hits.length} hits of 10`);
  if (hits.some(({ score }, index) => score > (hits[index - 1]?.score ?? Infinity))) problems.push('vector search answered out of order');
  return problems;
}

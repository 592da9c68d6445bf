import type { GraphqlClient } from '../../harness/graphql.ts';
import type { RecordedTemplate } from './check-record.ts';

const PAGE = 100;

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
type Node = Omit<RecordedTemplate, 'ratings'>;
interface RatingNode {
  readonly userId: string;
  readonly rating: number;
}
interface RatingPage extends Pick<Page<RatingNode>, 'pageInfo'> {
  readonly edges: readonly { readonly node: RatingNode }[];
}

/** Every template with all its ratings, from the system of record, through the gateway. */
export async function readRecord(client: GraphqlClient): Promise<RecordedTemplate[]> {
  const templates = await readAll<Node>(async (after) => {
    const query = `query ($after: String) { templates(first: ${PAGE}, after: $after, orderBy: { field: NAME, direction: ASC }) {
      nodes { id slug name usage rating ratingCount } pageInfo { hasNextPage endCursor } } }`;
    return (await client.run<{ templates: Page<Node> }>({ query, variables: { after } })).templates;
  });
  const recorded: RecordedTemplate[] = [];
  for (const template of templates) {
    const ratings = await readAll<RatingNode>(async (after) => {
      const query = `query ($id: ID!, $after: String) { templateRatings(templateId: $id, first: ${PAGE}, after: $after) {
        edges { node { userId rating } } pageInfo { hasNextPage endCursor } } }`;
      const { templateRatings } = await client.run<{ templateRatings: RatingPage }>({ query, variables: { id: template.id, after } });
      return { nodes: templateRatings.edges.map(({ node }) => node), pageInfo: templateRatings.pageInfo };
    });
    recorded.push({ ...template, ratings: new Map(ratings.map(({ userId, rating }) => [userId, Math.round(rating * 100)])) });
  }
  return recorded;
}

async function readAll<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<T> = await read(after);
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    after = page.pageInfo.endCursor;
  }
}

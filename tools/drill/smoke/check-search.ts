import type { GraphqlClient } from '../../harness/graphql.ts';
import type { Random } from '../../harness/random.ts';
import type { RecordedTemplate } from './check-record.ts';
import type { Divergence } from './compare-projection.ts';
import { wordOf } from './writer.ts';

const SAMPLE = 40;
const QUERY = `query ($query: String!, $mode: TemplateSearchMode!) {
  searchTemplates(query: $query, mode: $mode, field: TITLE, first: 5) { hits { template { id name } } } }`;

interface Hits {
  readonly searchTemplates: { readonly hits: readonly { readonly template: { readonly id: string; readonly name: string } }[] };
}

/**
 * Searches as people do, over a sample: the word that only one template's name holds finds that template under its present name, by text and by
 * vector; the word of a deleted one finds nothing by text.
 */
export async function checkSearch(
  client: GraphqlClient,
  options: { readonly recorded: readonly RecordedTemplate[]; readonly deletedSlugs: readonly string[]; readonly random: Random },
): Promise<{ searches: number; divergences: Divergence[] }> {
  const { recorded, deletedSlugs, random } = options;
  const divergences: Divergence[] = [];
  const found = async (query: string, mode: 'TEXT' | 'VECTOR') =>
    (await client.run<Hits>({ query: QUERY, variables: { query, mode } })).searchTemplates.hits;
  const report = (id: string, kind: Divergence['kind'], detail: string): void =>
    void divergences.push({ projection: 'searchTemplates', id, kind, detail });

  const present = sample(recorded, random);
  for (const template of present) {
    const byText = await found(wordOf(template.slug), 'TEXT');
    if (byText.length !== 1 || byText[0]?.template.id !== template.id) {
      report(template.id, 'missing', `by its own word text search found ${JSON.stringify(byText.map((hit) => hit.template.id))}`);
    } else if (byText[0].template.name !== template.name) {
      report(template.id, 'stale', `text search answers the name "${byText[0].template.name}"`);
    }
    const [nearest] = await found(template.name, 'VECTOR');
    if (nearest?.template.id !== template.id)
      report(template.id, 'missing', `by its name vector search found ${nearest?.template.id ?? 'nothing'} first`);
  }
  const gone = sample(deletedSlugs, random);
  for (const slug of gone) {
    const [hit] = await found(wordOf(slug), 'TEXT');
    if (hit) report(hit.template.id, 'orphan', `text search finds ${slug}, which was deleted`);
  }
  return { searches: present.length * 2 + gone.length, divergences };
}

function sample<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const taken: T[] = [];
  while (taken.length < SAMPLE && rest.length > 0) taken.push(...rest.splice(random.integer(0, rest.length - 1), 1));
  return taken;
}

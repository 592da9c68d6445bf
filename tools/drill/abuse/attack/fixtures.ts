import { createGraphqlClient } from '../../../harness/graphql.ts';

/** Records that cases aim at; none of them may change. */
export interface Fixtures {
  readonly templateId: string;
  readonly categoryId: string;
  /** Who made the template. */
  readonly ownerId: string;
}

const OWNER = 'abuse-owner';
const NAME = 'The template nobody may touch';

/** Makes them, through the gateway. @throws Error when it refuses */
export async function makeFixtures(url: string, tokenOf: (userId: string, roles: readonly string[]) => Promise<string>): Promise<Fixtures> {
  using client = createGraphqlClient(url);
  const { createTemplateCategory } = await client.run<{ createTemplateCategory: { category: { id: string } } }>({
    query: 'mutation ($input: CreateTemplateCategoryInput!) { createTemplateCategory(input: $input) { category { id } } }',
    variables: { input: { slug: 'abuse', name: 'Abuse' } },
    token: await tokenOf('abuse-admin', ['admin']),
  });
  const categoryId = createTemplateCategory.category.id;
  const { createTemplate } = await client.run<{ createTemplate: { template: { id: string } } }>({
    query: 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }',
    variables: { input: { slug: 'abuse-fixture', name: NAME, categoryId, content: 'canary', tags: ['canary'] } },
    token: await tokenOf(OWNER, ['admin']),
  });
  return { templateId: createTemplate.template.id, categoryId, ownerId: OWNER };
}

/** Whether they are as they were made. @returns what is not */
export async function checkFixtures(url: string, { templateId, categoryId }: Fixtures): Promise<readonly string[]> {
  using client = createGraphqlClient(url);
  const { template } = await client.run<{ template: { name: string; content: string; category: { id: string } } | null }>({
    query: 'query ($id: ID!) { template(id: $id) { name content category { id } } }',
    variables: { id: templateId },
  });
  if (template === null) return ['the template of the fixtures is gone'];
  const { name, content, category } = template;
  return name === NAME && content === 'canary' && category.id === categoryId
    ? []
    : [`the template of the fixtures was changed: ${JSON.stringify(template)}`];
}

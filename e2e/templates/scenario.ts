import { admin, deploy, type Caller, type GraphQLAnswer, type RunningDeployment } from '../support/deploy.js';
import type { Deployment } from '../support/deployments.js';

export const author: Caller = { userId: 'author' };
export const reader: Caller = { userId: 'reader' };

export interface TemplatesScenario {
  readonly app: RunningDeployment;
  /** A category to put templates in. */
  readonly categoryId: string;
  create(input: Record<string, unknown>, as?: Caller): Promise<{ id: string; revision: number }>;
}

/** Deploys the product before the tests of the surrounding `describe` and closes it after them; read the parts inside the tests only. */
export function templatesScenario(deployment: Deployment): TemplatesScenario {
  let app: RunningDeployment | undefined;
  let categoryId = '';
  beforeAll(async () => {
    app = await deploy(deployment);
    const made = await app.data(
      `mutation { createTemplateCategory(input: { slug: "tech", name: "技术简历" }) { category { id } } }`,
      {},
      admin,
    );
    categoryId = made.createTemplateCategory.category.id;
  }, 90_000);
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
  }, 60_000);
  const running = (): RunningDeployment => {
    if (!app) throw new Error('Not deployed yet: the scenario is for use inside tests.');
    return app;
  };
  return {
    get app() {
      return running();
    },
    get categoryId() {
      return categoryId;
    },
    async create(input, as = author) {
      const create = `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id revision } } }`;
      return (await running().data(create, { input: { categoryId, ...input } }, as)).createTemplate.template;
    },
  };
}

export const codesOf = (answer: Pick<GraphQLAnswer, 'errors'>): unknown => answer.errors?.map((error) => error.extensions['code']);

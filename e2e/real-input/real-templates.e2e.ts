import { readFile } from 'node:fs/promises';
import { conceptEmbedder, createFakeOpenAiServer, type FakeOpenAiServer } from '@loomgraph/ai/testing';
import { ImportTemplatesDocument, SearchTemplatesDocument, type TemplateSearchMode } from '../generated/operations.js';
import { admin, deploy, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';

interface RealTemplate {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

const readTemplates = async (): Promise<readonly RealTemplate[]> =>
  (
    JSON.parse(await readFile(new URL('../../subgraphs/templates/seeds/resume-templates.json', import.meta.url), 'utf8')) as {
      templates: RealTemplate[];
    }
  ).templates;

const search = (app: RunningDeployment, query: string, mode: TemplateSearchMode) =>
  app.run(SearchTemplatesDocument, { query, mode }).then(({ searchTemplates }) => searchTemplates);

async function load(app: RunningDeployment): Promise<{ created: number; updated: number; unchanged: number }> {
  const rows = (await readTemplates()).map(({ slug, name, description, tags }) => ({
    slug,
    name,
    description,
    tags,
    language: 'en',
    category: 'themes',
  }));
  const { importTemplates } = await app.run(ImportTemplatesDocument, { rows }, admin);
  await app.quiet();
  return importTemplates;
}

for (const deployment of deployments().filter(({ remote }) => !remote)) {
  describe(`T5 the 65 real templates: ${deployment.name}`, () => {
    describe('compared by their words (the local embedder)', () => {
      let app: RunningDeployment;
      beforeAll(async () => {
        app = await deploy(deployment);
      }, 60_000);
      afterAll(async () => {
        await app?.[Symbol.asyncDispose]();
      }, 60_000);

      it('are loaded once, however often they are imported', async () => {
        expect(await load(app)).toEqual({ created: 65, updated: 0, unchanged: 0 });
        expect(await load(app)).toEqual({ created: 0, updated: 0, unchanged: 65 });
        expect((await app.data('{ templates { totalCount } }')).templates.totalCount).toBe(65);
      }, 60_000);

      it('"scholarly serif layout for academic work" finds the academic one first', async () => {
        const searchTemplates = await search(app, 'scholarly serif layout for academic work', 'VECTOR');
        expect(searchTemplates.similarity).toBe('LEXICAL');
        expect(searchTemplates.hits[0]?.template.slug).toBe('academic-cv-lite');
        const hybrid = await search(app, 'scholarly serif layout for academic work', 'HYBRID');
        expect(hybrid.hits[0]?.template.slug).toBe('academic-cv-lite');
      });

      it('Y1 a rename shows in search, graph and cache; a deletion leaves nothing', async () => {
        const find = async (q: string) => (await search(app, q, 'TEXT')).hits.map((hit) => hit.template.slug);
        const [brutalist] = (await app.data(`{ templates(filter: { nameContains: "Brutalist" }) { nodes { id } } }`)).templates.nodes;
        await app.data(
          `mutation($id: ID!) { updateTemplate(input: { id: $id, name: "Wabi Sabi" }) { template { id } } }`,
          { id: brutalist.id },
          admin,
        );
        await app.quiet();
        expect(await find('wabi sabi')).toEqual(['brutalist']);
        const graph = await app.stores.graph(['Template', 'Category', 'User']);
        expect((await graph.node('Template', brutalist.id))?.properties['name']).toBe('Wabi Sabi');
        await app.data(`mutation($id: ID!) { deleteTemplate(id: $id) { deletedId } }`, { id: brutalist.id }, admin);
        await app.quiet();
        expect(await find('wabi sabi')).toEqual([]);
        expect(await graph.node('Template', brutalist.id)).toBeNull();
        expect((await app.data('{ templates { totalCount } }')).templates.totalCount).toBe(64);
      });
    });

    describe('compared by meaning (an OpenAI-compatible provider)', () => {
      let provider: FakeOpenAiServer;
      let app: RunningDeployment;
      beforeAll(async () => {
        provider = await createFakeOpenAiServer({ embed: conceptEmbedder(256) });
        // The first call is throttled: nothing is lost, nobody is charged.
        provider.fail({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
        app = await deploy(deployment, { OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'test', EMBEDDING_DIMENSIONS: '256' });
        await load(app);
      }, 90_000);
      afterAll(async () => {
        await app?.[Symbol.asyncDispose]();
        await provider?.close();
      }, 60_000);

      it('finds an academic one first for words that none of them holds', async () => {
        const searchTemplates = await search(app, '学术', 'VECTOR');
        expect(searchTemplates.similarity).toBe('SEMANTIC');
        expect(['academic-cv-lite', 'field-researcher', 'university-first']).toContain(searchTemplates.hits[0]?.template.slug);
        expect((await search(app, '学术', 'TEXT')).hits).toEqual([]);
      });

      it('asks the provider once for texts that did not change', async () => {
        const before = provider.requests.length;
        await load(app);
        const [one] = (await app.data('{ templates(first: 1) { nodes { id } } }')).templates.nodes;
        await app.data(`mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }`, { id: one.id }, admin);
        await app.quiet();
        expect(provider.requests.length).toBe(before);
      });
    });
  });
}

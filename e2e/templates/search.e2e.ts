import { admin } from '../support/deploy.js';
import { farthestDeployments } from '../support/deployments.js';
import { author, codesOf, reader, templatesScenario } from './scenario.js';

for (const deployment of farthestDeployments()) {
  describe(`search and relationships of templates: ${deployment.name}`, () => {
    const scenario = templatesScenario(deployment);

    let serif: string, grid: string, zh: string;
    const search = `query($q: String!, $mode: TemplateSearchMode, $filter: TemplateSearchFilterInput, $first: Int! = 5) {
      searchTemplates(query: $q, mode: $mode, filter: $filter, first: $first) { similarity model hits { score vectorRank textRank template { id name } } } }`;
    const found = async (q: string, mode: string, filter?: object): Promise<string[]> =>
      (await scenario.app.data(search, { q, mode, filter })).searchTemplates.hits.map(
        (hit: { template: { name: string } }) => hit.template.name,
      );

    beforeAll(async () => {
      serif = (
        await scenario.create({
          name: 'Zeta Serif',
          description: 'Scholarly serif layout with citations for academic publications',
          tags: ['zeta'],
          language: 'en',
        })
      ).id;
      grid = (
        await scenario.create({
          name: 'Zeta Grid',
          description: 'Scholarly serif layout on a modular grid for academic posters',
          tags: ['zeta'],
          language: 'en',
        })
      ).id;
      zh = (
        await scenario.create({
          name: '全栈工程师简历',
          description: '突出微服务与云原生项目经验的技术简历',
          tags: ['zeta'],
          language: 'zh',
        })
      ).id;
      await scenario.app.data(
        `mutation($a: ID!, $b: ID!) { a: useTemplate(templateId: $a) { usageCount } b: useTemplate(templateId: $b) { usageCount } }`,
        { a: serif, b: zh },
        { userId: 'explorer' },
      );
      await scenario.app.quiet();
    }, 60_000);

    it('finds by vector, text and both, in English and Chinese, narrowed by filters', async () => {
      expect((await found('citations for publications', 'VECTOR'))[0]).toBe('Zeta Serif');
      expect((await found('微服务 工程师', 'TEXT'))[0]).toBe('全栈工程师简历');
      expect((await found('云原生技术经验', 'HYBRID'))[0]).toBe('全栈工程师简历');
      expect(await found('scholarly serif', 'TEXT', { tags: ['zeta'], language: 'zh' })).toEqual([]);
      const data = await scenario.app.data(search, { q: 'modular grid', mode: 'HYBRID' });
      expect(data.searchTemplates).toMatchObject({ similarity: 'LEXICAL', model: expect.stringMatching(/lexical/) as string });
      expect(data.searchTemplates.hits[0]).toMatchObject({ template: { name: 'Zeta Grid' }, vectorRank: 1, textRank: 1 });
      expect(codesOf(await scenario.app.send(search, { q: '  ', mode: 'TEXT' }))).toEqual(['BAD_USER_INPUT']);
      expect(codesOf(await scenario.app.send(search, { q: 'x', mode: 'TEXT', first: 101 }))).toEqual(['PAGE_LIMIT_EXCEEDED']);
    });

    it('suggests names', async () => {
      const suggest = async (prefix: string) =>
        (await scenario.app.data(`query($p: String!) { templateSuggestions(prefix: $p, first: 5) }`, { p: prefix })).templateSuggestions;
      expect((await suggest('zet')).toSorted()).toEqual(['Zeta Grid', 'Zeta Serif']);
      expect(await suggest('全栈')).toEqual(['全栈工程师简历']);
    });

    it('relates by similarity, by shared users and by path', async () => {
      const data = await scenario.app.data(
        `query($serif: ID!, $grid: ID!, $zh: ID!) {
          similarTemplates(id: $serif, first: 3) { weight template { name } }
          templatesAlsoUsed(id: $serif) { weight template { name } }
          direct: templatePath(fromId: $serif, toId: $grid) { length steps { type } }
          through: templatePath(fromId: $grid, toId: $zh) { length nodes { label template { name } } }
          field: template(id: $serif) { similar(first: 3) { weight template { name } } }
          none: templatePath(fromId: $serif, toId: "nobody") { length }
        }`,
        { serif, grid, zh },
      );
      expect(data.similarTemplates[0]).toMatchObject({ template: { name: 'Zeta Grid' } });
      expect(data.field.similar).toEqual(data.similarTemplates);
      expect(data.templatesAlsoUsed).toEqual([{ weight: 1, template: { name: '全栈工程师简历' } }]);
      expect(data.direct).toEqual({ length: 1, steps: [{ type: 'SIMILAR_TO' }] });
      // Through the category they share, or directly where their words are close enough.
      expect([1, 2]).toContain(data.through.length);
      expect(data.through.nodes.at(-1)).toEqual({ label: 'Template', template: { name: '全栈工程师简历' } });
      expect(data.none).toBeNull();
    });

    it('Y1 shows a rename in vector search, graph and cache after sync', async () => {
      await scenario.app.data(
        `mutation($id: ID!) { updateTemplate(input: { id: $id, name: "Omega Quarto" }) { template { id } } }`,
        { id: grid },
        author,
      );
      await scenario.app.quiet();
      expect(await found('omega quarto', 'VECTOR')).toContain('Omega Quarto');
      expect(await found('quarto', 'TEXT')).toEqual(['Omega Quarto']);
      const graph = await scenario.app.stores.graph(['Template', 'Category', 'User']);
      expect(await graph.node('Template', grid)).toMatchObject({ properties: { name: 'Omega Quarto' } });
      const cache = await scenario.app.stores.cache();
      expect(await cache.getFenced(`templates:record:1:${grid}`)).toMatchObject({ value: { name: 'Omega Quarto' } });
      expect((await scenario.app.data(`{ templateSuggestions(prefix: "omega") }`)).templateSuggestions).toEqual(['Omega Quarto']);
      expect((await scenario.app.data(`{ templateSuggestions(prefix: "zeta") }`)).templateSuggestions).toEqual(['Zeta Serif']);
    });

    it('Y1 shows a renamed category in the text of its templates', async () => {
      await scenario.app.data(
        `mutation($id: ID!) { updateTemplateCategory(input: { id: $id, name: "Quuxology" }) { category { name } } }`,
        { id: scenario.categoryId },
        admin,
      );
      await scenario.app.quiet();
      expect((await found('quuxology', 'TEXT')).length).toBeGreaterThan(0);
      await scenario.app.data(
        `mutation($id: ID!) { updateTemplateCategory(input: { id: $id, name: "技术简历" }) { category { name } } }`,
        { id: scenario.categoryId },
        admin,
      );
    });

    it('Y1 leaves nothing of a deleted template in any store', async () => {
      const { id } = await scenario.create({ name: 'Ephemeral Xylophone', description: 'will go', tags: ['xylo'] });
      await scenario.app.data(
        `mutation($id: ID!) { rateTemplate(input: { templateId: $id, rating: 3, review: "xylo" }) { rating { rating } } useTemplate(templateId: $id) { usageCount } }`,
        { id },
        reader,
      );
      await scenario.app.quiet();
      expect(await found('xylophone', 'TEXT')).toEqual(['Ephemeral Xylophone']);
      await scenario.app.data(`mutation($id: ID!) { deleteTemplate(id: $id) { deletedId } }`, { id }, author);
      await scenario.app.quiet();
      expect(await found('xylophone', 'TEXT')).toEqual([]);
      const graph = await scenario.app.stores.graph(['Template', 'Category', 'User']);
      expect(await graph.node('Template', id)).toBeNull();
      expect(
        await graph.neighbours({ from: { label: 'User', id: 'reader' }, edge: 'USED', direction: 'out', limit: 100 }),
      ).not.toContainEqual(expect.objectContaining({ node: expect.objectContaining({ id }) as object }));
      const cache = await scenario.app.stores.cache();
      expect((await cache.getFenced(`templates:record:1:${id}`))?.value).toBeUndefined();
      expect(await scenario.app.templates.reader.templatesByIds([id])).toEqual([]);
      expect(await scenario.app.templates.reader.latestRatings([id], 5)).toEqual([]);
      expect((await scenario.app.templates.reader.usagesBy('reader')).filter((usage) => usage.templateId === id)).toEqual([]);
    });
  });
}

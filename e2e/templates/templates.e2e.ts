import { admin } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';
import { author, codesOf, reader, templatesScenario } from './scenario.js';

for (const deployment of deployments()) {
  describe(`templates: ${deployment.name}`, () => {
    const scenario = templatesScenario(deployment);

    describe('T1 records', () => {
      it('creates with the documented defaults, reads, updates, deletes', async () => {
        const { id } = await scenario.create({ name: '后端工程师' });
        const query = `query($id: ID!) { template(id: $id) { name description content variables preview usage rating ratingCount isActive tags industry experienceLevel language version difficulty estimatedTime createdBy revision category { name slug } } }`;
        expect((await scenario.app.data(query, { id })).template).toEqual({
          name: '后端工程师',
          description: '',
          content: '',
          variables: {},
          preview: null,
          usage: 0,
          rating: 0,
          ratingCount: 0,
          isActive: true,
          tags: [],
          industry: null,
          experienceLevel: null,
          language: 'zh',
          version: '1.0',
          difficulty: 1,
          estimatedTime: 30,
          createdBy: 'author',
          revision: 1,
          category: {
            name: '技术简历',
            slug: 'tech',
          },
        });
        const update = `mutation($input: UpdateTemplateInput!) { updateTemplate(input: $input) { template { name industry variables tags revision } } }`;
        const changed = await scenario.app.data(
          update,
          { input: { id, industry: '信息技术', variables: { name: { default: '张三' } }, tags: ['Go', '微服务'] } },
          author,
        );
        expect(changed.updateTemplate.template).toEqual({
          name: '后端工程师',
          industry: '信息技术',
          variables: { name: { default: '张三' } },
          tags: ['Go', '微服务'],
          revision: 2,
        });
        const cleared = await scenario.app.data(update, { input: { id, industry: null } }, author);
        expect(cleared.updateTemplate.template).toMatchObject({ industry: null, tags: ['Go', '微服务'], revision: 3 });
        expect(
          (await scenario.app.data(`mutation($id: ID!) { deleteTemplate(id: $id) { deletedId } }`, { id }, author)).deleteTemplate
            .deletedId,
        ).toBe(id);
        expect((await scenario.app.data(query, { id })).template).toBeNull();
      });

      it('refuses what does not fit, with a code and words that help', async () => {
        const bad = await scenario.app.send(
          `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`,
          { input: { categoryId: scenario.categoryId, name: '', difficulty: 9, slug: 'Not A Slug' } },
          author,
        );
        expect(codesOf(bad)).toEqual(['BAD_USER_INPUT']);
        expect(bad.errors?.[0]?.message).toMatch(/slug takes lower-case/);
        const noCategory = await scenario.app.send(
          `mutation { createTemplate(input: { name: "x", categoryId: "nowhere" }) { template { id } } }`,
          {},
          author,
        );
        expect(codesOf(noCategory)).toEqual(['NOT_FOUND']);
      });

      it('G2 lets nobody write without a token, nobody but the author and administrators change', async () => {
        const anonymous = await scenario.app.send(`mutation { createTemplate(input: { name: "x", categoryId: "y" }) { template { id } } }`);
        expect(codesOf(anonymous)).toEqual(['UNAUTHENTICATED']);
        const { id } = await scenario.create({ name: 'mine' });
        const rename = `mutation($id: ID!) { updateTemplate(input: { id: $id, name: "theirs" }) { template { name } } }`;
        expect(codesOf(await scenario.app.send(rename, { id }, reader))).toEqual(['FORBIDDEN']);
        expect(
          codesOf(
            await scenario.app.send(`mutation { createTemplateCategory(input: { slug: "a", name: "a" }) { category { id } } }`, {}, reader),
          ),
        ).toEqual(['FORBIDDEN']);
        expect((await scenario.app.data(rename, { id }, admin)).updateTemplate.template.name).toBe('theirs');
      });

      it('refuses a change on an outdated revision and a taken slug', async () => {
        const { id } = await scenario.create({ name: 'versioned', slug: 'versioned' });
        const update = `mutation($input: UpdateTemplateInput!) { updateTemplate(input: $input) { template { revision } } }`;
        await scenario.app.data(update, { input: { id, name: 'second', expectedRevision: 1 } }, author);
        const stale = await scenario.app.send(update, { input: { id, name: 'third', expectedRevision: 1 } }, author);
        expect(stale.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { expectedRevision: 1, revision: 2 } });
        const taken = await scenario.app.send(
          `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`,
          { input: { categoryId: scenario.categoryId, name: 'x', slug: 'versioned' } },
          author,
        );
        expect(codesOf(taken)).toEqual(['CONFLICT']);
      });
    });

    describe('T2 lists', () => {
      const list = `query($first: Int, $after: String, $last: Int, $before: String, $filter: TemplateFilterInput, $orderBy: TemplateOrderInput) {
        templates(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
          totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name } } } }`;
      const tag = 'list-test';
      const orderBy = { field: 'DIFFICULTY', direction: 'DESC' };
      const filter = { tags: [tag] };
      const names = (data: { templates: { edges: { node: { name: string } }[] } }) => data.templates.edges.map((edge) => edge.node.name);

      beforeAll(async () => {
        for (let i = 0; i < 7; i++)
          await scenario.create({ name: `List ${i}`, tags: [tag, `only-${i}`], difficulty: 1 + (i % 3), language: i % 2 ? 'en' : 'zh' });
      });

      it('pages forwards and backwards over ties without gaps, with exact totals', async () => {
        const forward: string[] = [];
        let after: string | null = null;
        for (let page = 0; page < 4; page++) {
          const data: any = await scenario.app.data(list, { first: 2, after, filter, orderBy }); // eslint-disable-line
          expect(data.templates.totalCount).toBe(7);
          forward.push(...names(data));
          expect(data.templates.pageInfo.hasNextPage).toBe(page < 3);
          after = data.templates.pageInfo.endCursor;
        }
        expect(new Set(forward).size).toBe(7);
        const all = await scenario.app.data(list, { first: 100, filter, orderBy });
        expect(names(all)).toEqual(forward);
        const last = await scenario.app.data(list, { last: 3, filter, orderBy });
        expect(names(last)).toEqual(forward.slice(4));
        expect(last.templates.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
        const before = await scenario.app.data(list, { last: 2, before: last.templates.pageInfo.startCursor, filter, orderBy });
        expect(names(before)).toEqual(forward.slice(2, 4));
      });

      it('filters by language, tag, part of the name and range', async () => {
        const count = async (more: object) => (await scenario.app.data(list, { filter: { ...filter, ...more } })).templates.totalCount;
        expect(await count({ language: 'en' })).toBe(3);
        expect(await count({ nameContains: 'lIST 3' })).toBe(1);
        expect(await count({ nameContains: '%' })).toBe(0);
        expect(await count({ difficulty: { min: 2, max: 3 } })).toBe(4);
        expect(await count({ tags: ['only-1', 'only-2'] })).toBe(2);
        expect(await count({ isActive: false })).toBe(0);
      });

      it('refuses pages over 100, foreign cursors and both directions at once', async () => {
        expect((await scenario.app.send(list, { first: 101 })).errors?.[0]?.extensions).toMatchObject({
          code: 'PAGE_LIMIT_EXCEEDED',
          details: { limit: 100 },
        });
        const page = await scenario.app.data(list, { first: 1, filter, orderBy });
        const foreign = await scenario.app.send(list, {
          first: 1,
          after: page.templates.pageInfo.endCursor,
          filter,
          orderBy: { field: 'NAME', direction: 'ASC' },
        });
        expect(codesOf(foreign)).toEqual(['INVALID_CURSOR']);
        expect(codesOf(await scenario.app.send(list, { first: 1, after: 'garbage' }))).toEqual(['INVALID_CURSOR']);
        expect(codesOf(await scenario.app.send(list, { first: 1, last: 1 }))).toEqual(['BAD_USER_INPUT']);
        expect(codesOf(await scenario.app.send(list, { first: -1 }))).toEqual(['BAD_USER_INPUT']);
      });

      it('T8 keeps the hot list for an hour until it is refreshed', async () => {
        const { createTemplateCategory } = await scenario.app.data(
          `mutation { createTemplateCategory(input: { slug: "hot", name: "Hot" }) { category { id } } }`,
          {},
          admin,
        );
        const hotCategory = createTemplateCategory.category.id as string;
        const cold = await scenario.create({ name: 'cold', categoryId: hotCategory });
        const hot = await scenario.create({ name: 'hot', categoryId: hotCategory });
        const use = `mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }`;
        await scenario.app.data(use, { id: hot.id }, reader);
        const hotList = async () =>
          (
            await scenario.app.data(`query($id: ID) { hotTemplates(categoryId: $id, first: 5) { name } }`, { id: hotCategory })
          ).hotTemplates.map((t: { name: string }) => t.name);
        await scenario.app.quiet();
        expect(await hotList()).toEqual(['hot', 'cold']);
        for (let i = 0; i < 3; i++) await scenario.app.data(use, { id: cold.id }, reader);
        await scenario.app.quiet();
        expect(await hotList()).toEqual(['hot', 'cold']);
        const refresh = `mutation($id: ID) { refreshTemplateCache(categoryId: $id) { dropped } }`;
        expect(codesOf(await scenario.app.send(refresh, { id: hotCategory }, reader))).toEqual(['FORBIDDEN']);
        expect((await scenario.app.data(refresh, { id: hotCategory }, admin)).refreshTemplateCache.dropped).toBeGreaterThan(0);
        expect(await hotList()).toEqual(['cold', 'hot']);
      });
    });

    describe('T3 ratings', () => {
      it('keeps the mean exact under 100 raters at once, one rating each', async () => {
        const { id } = await scenario.create({ name: 'rated' });
        const rate = `mutation($input: RateTemplateInput!) { rateTemplate(input: $input) { rating { rating } template { ratingCount } } }`;
        const ratings = Array.from({ length: 100 }, (_, i) => Math.round((i * 37) % 501) / 100);
        await Promise.all(
          ratings.map((rating, i) =>
            scenario.app.data(rate, { input: { templateId: id, rating, review: `review ${i}` } }, { userId: `rater-${i}` }),
          ),
        );
        const read = `query($id: ID!) { template(id: $id) { rating ratingCount } }`;
        const mean = ratings.reduce((sum, rating) => sum + Math.round(rating * 100), 0) / 100 / 100;
        expect((await scenario.app.data(read, { id })).template).toEqual({ rating: expect.closeTo(mean, 12) as number, ratingCount: 100 });
        await scenario.app.data(rate, { input: { templateId: id, rating: 5 } }, { userId: 'rater-0' });
        const again = (await scenario.app.data(read, { id })).template;
        expect(again).toEqual({ rating: expect.closeTo(mean + (5 - (ratings[0] ?? 0)) / 100, 12) as number, ratingCount: 100 });
        await scenario.app.data(
          `mutation($id: ID!) { withdrawTemplateRating(templateId: $id) { template { ratingCount } } }`,
          { id },
          { userId: 'rater-0' },
        );
        expect((await scenario.app.data(read, { id })).template.ratingCount).toBe(99);
      }, 60_000);

      it('shows the latest, pages through all, and knows the caller’s own', async () => {
        const { id } = await scenario.create({ name: 'reviewed' });
        for (let i = 0; i < 4; i++)
          await scenario.app.data(
            `mutation($id: ID!, $r: Float!) { rateTemplate(input: { templateId: $id, rating: $r }) { rating { rating } } }`,
            { id, r: i },
            { userId: `u${i}` },
          );
        const data = await scenario.app.data(
          `query($id: ID!) { template(id: $id) { myRating { rating } ratings(first: 2) { userId rating } }
             templateRatings(templateId: $id, first: 3) { totalCount edges { node { userId } } pageInfo { hasNextPage } } }`,
          { id },
          { userId: 'u1' },
        );
        expect(data.template).toEqual({
          myRating: { rating: 1 },
          ratings: [
            { userId: 'u3', rating: 3 },
            { userId: 'u2', rating: 2 },
          ],
        });
        expect(data.templateRatings).toEqual({
          totalCount: 4,
          edges: ['u3', 'u2', 'u1'].map((userId) => ({ node: { userId } })),
          pageInfo: { hasNextPage: true },
        });
      });

      it('refuses ratings outside 0 to 5 and of templates there are not', async () => {
        const rate = `mutation($input: RateTemplateInput!) { rateTemplate(input: $input) { rating { rating } } }`;
        expect(codesOf(await scenario.app.send(rate, { input: { templateId: 'x', rating: 5.01 } }, reader))).toEqual(['BAD_USER_INPUT']);
        expect(codesOf(await scenario.app.send(rate, { input: { templateId: 'x', rating: 5 } }, reader))).toEqual(['NOT_FOUND']);
      });
    });

    describe('T4 uses', () => {
      it('counts per template and user, also at once, and rolls the event up', async () => {
        const { id } = await scenario.create({ name: 'used' });
        const use = `mutation($id: ID!) { useTemplate(templateId: $id) { usageCount template { usage } } }`;
        await Promise.all(Array.from({ length: 20 }, (_, i) => scenario.app.data(use, { id }, { userId: `user-${i % 4}` })));
        const last = await scenario.app.data(use, { id }, { userId: 'user-0' });
        expect(last.useTemplate).toEqual({ usageCount: 6, template: { usage: 21 } });
      });
    });

    it('G8 is live, ready with every store, and measured', async () => {
      expect((await fetch(`${scenario.app.url}/health/live`)).status).toBe(200);
      expect((await fetch(`${scenario.app.url}/health/ready`)).status).toBe(200);
      expect(await (await fetch(`${scenario.app.url}/metrics`)).text()).toContain('loom_gateway_requests_total');
      const { projections } = (await scenario.app.data(`{ syncStatus { projections { name subgraph deadLetters } } }`, {}, admin))
        .syncStatus;
      const names = ['category-graph', 'template-cache', 'template-graph', 'template-vectors', 'user-graph'];
      const ofTemplates = projections.filter(({ subgraph }: { subgraph: string }) => subgraph === 'templates');
      expect(ofTemplates).toEqual(names.map((name) => ({ name, subgraph: 'templates', deadLetters: 0 })));
      expect(codesOf(await scenario.app.send(`{ syncStatus { projections { name } } }`, {}, reader))).toEqual(['FORBIDDEN']);
    });
  });
}

import { createBuiltInAuthorizer, type Authorizer, type Identity } from '@loomgraph/auth';
import { toPageRequest, type ResourceFilter } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { relationalBackends } from '@loomgraph/testing';
import { templateCursorTag } from '../src/domain/cursor-tags.js';
import type { TemplateFilter, TemplateOrder, TemplateReader } from '../src/domain/ports.js';
import { entities, TemplateEntity } from '../src/store/entities.js';
import { similarTemplatesMigration, templatesMigration } from '../src/store/migrations.js';
import { createTemplateReader } from '../src/store/template.reader.js';

const at = new Date('2026-01-01T00:00:00Z');
const INACTIVE = 1_500;
const byName: TemplateOrder = { field: 'name', direction: 'asc' };
const idOf = (index: number): string => `t${String(index).padStart(4, '0')}`;
const caller = (userId: string, roles: readonly string[] = []): Identity => ({ userId, roles, scopes: [], issuedAt: at, expiresAt: at });

// A list that is filtered after it is read has short pages and wrong counts; one that is filtered by an engine's list of ids ends at its limit.
for (const backend of relationalBackends(import.meta.filename)) {
  describe(`A3 inactive templates are listed for whoever may read them: ${backend.name}`, () => {
    let store: RelationalStore;
    let reader: TemplateReader;
    const authorizer: Authorizer = createBuiltInAuthorizer();

    beforeAll(async () => {
      store = await backend.open({ entities, migrations: [templatesMigration, similarTemplatesMigration] });
      await store.migrate();
      reader = createTemplateReader(store);
      const rows = Array.from({ length: INACTIVE }, (_, index) =>
        template(idOf(index), { createdBy: `author${index % 10}`, isActive: false }),
      );
      await store.transaction(async (em) => {
        for (let from = 0; from < rows.length; from += 250) await em.insertMany(TemplateEntity, rows.slice(from, from + 250) as never);
        await em.insertMany(TemplateEntity, [template('a1', { createdBy: 'author0', isActive: true })] as never);
      });
    }, 120_000);
    afterAll(async () => {
      await backend.drop(store);
      await backend.close();
    });

    const listed = async (filter: TemplateFilter): Promise<{ ids: string[]; pages: number[]; totalCount: number }> => {
      const ids: string[] = [];
      const pages: number[] = [];
      let totalCount = 0;
      for (let after: string | undefined; ;) {
        const page = await reader.listTemplates(filter, byName, toPageRequest({ first: 100, after }, templateCursorTag(byName)));
        ids.push(...page.items.map(({ id }) => id));
        pages.push(page.items.length);
        totalCount = await page.totalCount();
        if (!page.hasNextPage) return { ids, pages, totalCount };
        after = page.cursors.at(-1);
      }
    };

    it('completely, by more than 1,000 ids', async () => {
      const granted = Array.from({ length: 1_230 }, (_, index) => idOf(index));
      const visible: ResourceFilter = { kind: 'some', anyOf: [{ ownerId: 'nobody' }, { ids: [...granted, 'not-there', "o'brien"] }] };
      const { ids, pages, totalCount } = await listed({ isActive: false, visible });
      expect(ids).toEqual(granted);
      expect(pages).toEqual([...Array.from({ length: 12 }, () => 100), 30]);
      expect(totalCount).toBe(1_230);
    }, 60_000);

    it('to their author, to administrators, and to nobody else', async () => {
      const count = async (identity: Identity | null) =>
        (await listed({ isActive: false, visible: await authorizer.filter(identity, 'read', 'template') })).totalCount;
      expect(await count(caller('author3'))).toBe(INACTIVE / 10);
      expect(await count(caller('root', ['admin']))).toBe(INACTIVE);
      expect(await count(caller('somebody'))).toBe(0);
      expect(await count(null)).toBe(0);
    }, 60_000);

    it('and active ones to everybody', async () => {
      const none: ResourceFilter = { kind: 'none' };
      expect((await listed({ isActive: true, visible: none })).ids).toEqual(['a1']);
      expect((await listed({ visible: none })).ids).toEqual(['a1']);
      expect((await listed({ visible: { kind: 'some', anyOf: [{ companyIds: ['c1'] }] } })).ids).toEqual(['a1']);
    });
  });
}

function template(id: string, fields: { createdBy: string; isActive: boolean }) {
  return {
    id,
    slug: null,
    name: id,
    categoryId: 'c',
    description: '',
    content: '',
    variables: {},
    preview: null,
    usage: 0,
    ratingSum: 0,
    ratingCount: 0,
    ratingRank: 0,
    tags: [],
    industry: null,
    experienceLevel: null,
    language: 'en',
    version: '1',
    difficulty: 1,
    estimatedTimeMinutes: 1,
    createdAt: at,
    updatedAt: at,
    revision: 1,
    ...fields,
  };
}

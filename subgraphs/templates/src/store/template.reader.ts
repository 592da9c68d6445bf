import { listRows, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { ratingCursorTag, templateCursorTag } from '../domain/cursor-tags.js';
import type { TemplateOrder, TemplateReader } from '../domain/ports.js';
import type { Rating, Template } from '../domain/template.js';
import { CategoryEntity, RatingEntity, TemplateEntity, UsageEntity } from './entities.js';
import { templateCondition } from './template-filter.js';

const sortProperty: Record<TemplateOrder['field'], { property: string; date?: boolean }> = {
  name: { property: 'name' },
  createdAt: { property: 'createdAt', date: true },
  updatedAt: { property: 'updatedAt', date: true },
  usage: { property: 'usage' },
  rating: { property: 'ratingRank' },
  difficulty: { property: 'difficulty' },
  estimatedTime: { property: 'estimatedTimeMinutes' },
};

export function createTemplateReader(store: RelationalStore): TemplateReader {
  return {
    templatesByIds: async (ids) =>
      ids.length === 0 ? [] : ((await store.read().find(TemplateEntity, { id: { $in: [...ids] } })) as readonly Template[]),

    async listTemplates(filter, order, page) {
      const keys: OrderKey[] = [
        { ...sortProperty[order.field], direction: order.direction },
        { property: 'id', direction: order.direction },
      ];
      return listRows(store, TemplateEntity, { where: templateCondition(filter, store), keys, tag: templateCursorTag(order), page });
    },

    categories: async () => await store.read().find(CategoryEntity, {}, { orderBy: { name: 'asc', id: 'asc' } }),
    categoriesByIds: async (ids) => await store.read().find(CategoryEntity, { id: { $in: [...ids] } }),

    async latestRatings(templateIds, limit) {
      const marks = templateIds.map(() => '?').join(', ');
      const em = store.read();
      const rows = await em.execute<object[]>(
        `select * from (select r.*, row_number() over (partition by template_id order by updated_at desc, user_id) as position
           from ${store.table('template_rating')} r where template_id in (${marks})) ranked where position <= ? order by template_id, position`,
        [...templateIds, limit],
      );
      return rows.map((row) => em.map(RatingEntity, row as never) as unknown as Rating);
    },

    async ratingsOf(templateId, page) {
      const keys: OrderKey[] = [
        { property: 'updatedAt', direction: 'desc', date: true },
        { property: 'userId', direction: 'asc' },
      ];
      return listRows(store, RatingEntity, { where: { templateId }, keys, tag: ratingCursorTag, page });
    },

    ratingsBy: async (userId, templateIds) =>
      (await store.read().find(RatingEntity, { userId, templateId: { $in: [...templateIds] } })) as readonly Rating[],
    usagesBy: async (userId) => await store.read().find(UsageEntity, { userId }, { orderBy: { templateId: 'asc' } }),

    async hottest({ categoryId, days, limit, now }) {
      const since = new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
      const rows = await store.read().execute<{ id: string }[]>(
        `select t.id from ${store.table('template')} t
           left join (select template_id, sum(usage_count) as recent from ${store.table('template_usage_daily')} where day >= ? group by template_id) d
             on d.template_id = t.id
         where t.is_active = ? ${categoryId === undefined ? '' : 'and t.category_id = ?'}
         order by coalesce(d.recent, 0) desc, t.usage_count desc, t.rating_rank desc, t.id limit ?`,
        [since, true, ...(categoryId === undefined ? [] : [categoryId]), limit],
      );
      return rows.map((row) => row.id);
    },
  };
}

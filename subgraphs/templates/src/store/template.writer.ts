import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { touchWhere, type Transaction, type UnitOfWork } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { TemplateUnitOfWork, TemplateWriter } from '../domain/ports.js';
import { ratingRank, type Rating, type Template } from '../domain/template.js';
import { CategoryEntity, DailyUsageEntity, RatingEntity, TemplateEntity, TemplateUserEntity, UsageEntity } from './entities.js';
import { userRecord } from './records.js';
import { assertNotErased } from './user-erasure.js';

export function createTemplateUnitOfWork(unitOfWork: UnitOfWork, store: RelationalStore): TemplateUnitOfWork {
  return { run: (work) => unitOfWork.run((transaction) => work(createWriter(transaction, store))) };
}

function createWriter({ em, append }: Transaction, store: RelationalStore): TemplateWriter {
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
  /** The entity this transaction has loaded already, or now. */
  const managed = async (id: string) => {
    const entity = await em.findOne(TemplateEntity, { id });
    if (!entity) throw new LoomError('NOT_FOUND', `There is no template ${id}.`);
    return entity;
  };
  /** The domain keeps its own copy: entities change under it. */
  const copy = <T extends object>(entity: T | null): T | null => (entity ? { ...entity } : null);

  return {
    lockTemplate: async (id) => copy((await em.findOne(TemplateEntity, { id }, locked)) as Template | null),
    templateBySlug: async (slug) => copy((await em.findOne(TemplateEntity, { slug }, locked)) as Template | null),
    templatesBySlugs: async (slugs) =>
      (await em.find(TemplateEntity, { slug: { $in: [...slugs] } }, locked)).map((entity) => ({ ...entity }) as Template),
    insertTemplate({ revision: _assigned, ...template }) {
      em.create(TemplateEntity, {
        ...template,
        variables: { ...template.variables },
        tags: [...template.tags],
        ratingRank: ratingRank(template.ratingSum, template.ratingCount),
      });
    },
    async updateTemplate(id, { revision: _assigned, ...changes }) {
      const entity = await managed(id);
      em.assign(entity, changes as never, { mergeObjectProperties: false });
      entity.ratingRank = ratingRank(entity.ratingSum, entity.ratingCount);
    },
    async deleteTemplate(id) {
      await em.nativeDelete(RatingEntity, { templateId: id });
      // Who used it has an edge less.
      const users = `id in (select user_id from ${store.table('template_usage')} where template_id = ?)`;
      await touchWhere({ store, em, record: userRecord }, users, [id]);
      await em.nativeDelete(UsageEntity, { templateId: id });
      await em.nativeDelete(DailyUsageEntity, { templateId: id });
      em.remove(await managed(id));
    },
    category: async (id) => copy(await em.findOne(CategoryEntity, { id })),
    categoriesBySlugs: async (slugs) => (await em.find(CategoryEntity, { slug: { $in: [...slugs] } })).map((entity) => ({ ...entity })),
    lockCategory: async (id) => copy(await em.findOne(CategoryEntity, { id }, locked)),
    insertCategory: (category) => void em.create(CategoryEntity, category),
    async updateCategory(id, { revision: _assigned, ...changes }) {
      em.assign(await em.findOneOrFail(CategoryEntity, { id }), changes);
    },
    async deleteCategory(id) {
      em.remove(await em.findOneOrFail(CategoryEntity, { id }));
    },
    countTemplatesIn: (categoryId) => em.count(TemplateEntity, { categoryId }),
    rating: async (templateId, userId) => copy((await em.findOne(RatingEntity, { templateId, userId })) as Rating | null),
    async saveRating(rating) {
      await assertNotErased(em, store, rating.userId);
      const entity = await em.findOne(RatingEntity, { templateId: rating.templateId, userId: rating.userId });
      if (entity) em.assign(entity, rating);
      else em.create(RatingEntity, rating);
    },
    async deleteRating(templateId, userId) {
      await em.nativeDelete(RatingEntity, { templateId, userId });
    },
    async addUsage(templateId, userId, at) {
      // The template's row is locked by the caller, so nobody else can be inserting this pair.
      const usage =
        (await em.findOne(UsageEntity, { templateId, userId })) ?? em.create(UsageEntity, { templateId, userId, count: 0, lastUsedAt: at });
      usage.count += 1;
      usage.lastUsedAt = at;
      // A user may take two templates at once: the row is made first, then locked.
      await ensureUser(store, em, userId, at);
      const user = await em.findOneOrFail(TemplateUserEntity, { id: userId }, locked);
      await assertNotErased(em, store, userId);
      user.lastUsedAt = at > user.lastUsedAt ? at : new Date(user.lastUsedAt.getTime() + 1);
      return usage.count;
    },
    append,
  };
}

/** An upsert that changes nothing takes the row's exclusive lock at once; an ignored insert on MySQL takes a shared one, and two that then want it exclusively deadlock. */
async function ensureUser(store: RelationalStore, em: Transaction['em'], userId: string, at: Date): Promise<void> {
  const clause = store.dialect === 'postgresql' ? 'on conflict do nothing' : 'on duplicate key update id = id';
  const before = new Date(at.getTime() - 1);
  await em.execute(
    // capture: who calls changes the user through its entity right after.
    `insert into ${store.table('template_user')} (id, last_used_at, revision) values (?, ?, 1) ${clause}`,
    [userId, before],
    'run',
  );
}

import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineConsumer, type Consumer } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { RatingEntity, TemplateEntity, TemplateUserEntity, UsageEntity } from '../store/entities.js';
import { eraseUser } from '../store/user-erasure.js';

/** Somebody with very many ratings takes a while. */
const TIME_LIMIT_MS = 300_000;

/**
 * Does what the accounts subgraph asks of everyone who holds data of users: writes it out for an export, removes it for an erasure. Events of one
 * user come in order, and repeating either changes nothing.
 */
export function userData(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly subgraph: string;
}): Consumer {
  const { store, objects, subgraph } = deps;
  return defineConsumer({
    name: 'templates-user-data',
    topic: 'accounts-events',
    policy: { timeLimitMs: TIME_LIMIT_MS },
    replay: 'idempotent',
    events: {
      'accounts.user-erased': ({ payload: { userId, erasedAt } }, { em }) => eraseUser(em, store, userId, new Date(erasedAt)),
      'accounts.export-requested': async ({ payload: { userId, objectPrefix } }, { em }) => {
        const body = Buffer.from(JSON.stringify(await dataOf(em, userId)));
        await (await objects()).put(`${objectPrefix}${subgraph}.json`, body, { contentType: 'application/json' });
      },
    },
  });
}

async function dataOf(em: EntityManager, userId: string): Promise<object> {
  const [ratings, usages, templates, user] = [
    await em.find(RatingEntity, { userId }, { orderBy: { templateId: 'asc' } }),
    await em.find(UsageEntity, { userId }, { orderBy: { templateId: 'asc' } }),
    await em.find(TemplateEntity, { createdBy: userId }, { orderBy: { id: 'asc' } }),
    await em.findOne(TemplateUserEntity, { id: userId }),
  ];
  return {
    lastUsedAt: user?.lastUsedAt ?? null,
    ratings: ratings.map(({ templateId, hundredths, review, createdAt, updatedAt }) => ({
      templateId,
      rating: hundredths / 100,
      review,
      createdAt,
      updatedAt,
    })),
    usages: usages.map(({ templateId, count, lastUsedAt }) => ({ templateId, count, lastUsedAt })),
    templates: templates.map(({ id, slug, name, createdAt, updatedAt }) => ({ id, slug, name, createdAt, updatedAt })),
  };
}

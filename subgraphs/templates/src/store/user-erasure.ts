import { createHash } from 'node:crypto';
import { LoomError } from '@loomgraph/core';
import type { Migration, RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { LockMode } from '@mikro-orm/core';
import { ratingRank } from '../domain/template.js';
import { RatingEntity, TemplateEntity, TemplateUserEntity, UsageEntity } from './entities.js';

/** Stands where the author of a template was. */
export const ERASED_USER = 'erased';

/** Templates changed with one flush. */
const AT_ONCE = 200;

const tables = (t: (table: string) => string): string[] => [
  `create table ${t('erased_user')} (id_hash char(64) primary key, erased_at bigint not null)`,
  `create index template_rating_user on ${t('template_rating')} (user_id)`,
  `create index template_created_by on ${t('template')} (created_by, id)`,
];

export const userErasureMigration: Migration = { name: '0003-user-erasure', postgresql: tables, mysql: tables };

/** What is kept of an erased user, so that nothing is written of them again: not their id. */
const hashOf = (userId: string): string => createHash('sha256').update(userId).digest('hex');

/** @throws LoomError UNAUTHENTICATED for a user who was erased, whose token may have some seconds left */
export async function assertNotErased(em: EntityManager, store: RelationalStore, userId: string): Promise<void> {
  const erased = await em.execute<unknown[]>(`select 1 as found from ${store.table('erased_user')} where id_hash = ?`, [hashOf(userId)]);
  if (erased.length > 0) throw new LoomError('UNAUTHENTICATED', 'This account was erased.', { details: { reason: 'erased' } });
}

/**
 * Removes a user from this subgraph's record, in the running transaction; applying it again changes nothing.
 *
 * 1. Ratings go, and with them their part of each template's average: a review is what the person wrote.
 * 2. Uses go, and so the user's edges in the graph; how often a template was used stays, as it is nobody's.
 * 3. Templates the user made stay, made by `erased`.
 * 4. The user's stand-in goes, and so their node in the graph.
 * Changes reach the other stores as any change does: the entities are changed, not the rows behind them.
 */
export async function eraseUser(em: EntityManager, store: RelationalStore, userId: string, at: Date): Promise<void> {
  // Who uses a template locks this row as well: no use slips in between.
  const user = await em.findOne(TemplateUserEntity, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  await rememberErased(em, store, userId, at);
  await em.nativeDelete(UsageEntity, { userId });
  const ids = await touchedTemplates(em, store, userId);
  for (let from = 0; from < ids.length; from += AT_ONCE) await releaseTemplates(em, ids.slice(from, from + AT_ONCE), userId);
  if (user) em.remove(user);
  await em.flush();
}

/** In the order of their ids, as everyone else locks them. */
async function touchedTemplates(em: EntityManager, store: RelationalStore, userId: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select template_id as id from ${store.table('template_rating')} where user_id = ?
     union select id from ${store.table('template')} where created_by = ? order by id`,
    [userId, userId],
  );
  return rows.map(({ id }) => id);
}

async function releaseTemplates(em: EntityManager, ids: readonly string[], userId: string): Promise<void> {
  const templates = await em.find(
    TemplateEntity,
    { id: { $in: [...ids] } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  const ratings = await em.find(RatingEntity, { userId, templateId: { $in: [...ids] } });
  const byTemplate = new Map(ratings.map((rating) => [rating.templateId, rating]));
  for (const template of templates) {
    const rating = byTemplate.get(template.id);
    if (rating) {
      template.ratingSum -= rating.hundredths;
      template.ratingCount -= 1;
      template.ratingRank = ratingRank(template.ratingSum, template.ratingCount);
    }
    if (template.createdBy === userId) template.createdBy = ERASED_USER;
  }
  for (const rating of ratings) em.remove(rating);
  await em.flush();
}

async function rememberErased(em: EntityManager, store: RelationalStore, userId: string, at: Date): Promise<void> {
  const ignore = store.dialect === 'postgresql' ? ['insert', 'on conflict do nothing'] : ['insert ignore', ''];
  await em.execute(
    `${ignore[0]} into ${store.table('erased_user')} (id_hash, erased_at) values (?, ?) ${ignore[1]}`,
    [hashOf(userId), at.getTime()],
    'run',
  );
}

import { listRows, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { raw } from '@mikro-orm/core';
import { userCursorTag } from '../domain/cursor-tags.js';
import type { AccountReader, UserFilter, UserOrder } from '../domain/ports.js';
import type { Session } from '../domain/session.js';
import { limits, type User } from '../domain/user.js';
import { SessionEntity, UserEntity, UserRoleEntity } from './entities.js';

const sortProperty: Record<UserOrder['field'], { property: string; date?: boolean }> = {
  createdAt: { property: 'createdAt', date: true },
  email: { property: 'email' },
  displayName: { property: 'displayName' },
};

export function createAccountReader(store: RelationalStore): AccountReader {
  return {
    usersByIds: async (ids) =>
      ids.length === 0 ? [] : ((await store.read().find(UserEntity, { id: { $in: [...ids] } })) as readonly User[]),
    userByEmail: async (email) => (await store.read().findOne(UserEntity, { email })) as User | null,

    async listUsers(filter, order, page) {
      const keys: OrderKey[] = [
        { ...sortProperty[order.field], direction: order.direction },
        { property: 'id', direction: order.direction },
      ];
      const where = userCondition(filter, store);
      return listRows(store, UserEntity, { where, keys, tag: userCursorTag(order), page });
    },

    async rolesOf(userIds) {
      const rows = await store
        .read()
        .find(UserRoleEntity, { userId: { $in: [...userIds] }, companyId: '' }, { orderBy: { userId: 'asc', role: 'asc' } });
      const byUser = Map.groupBy(rows, ({ userId }) => userId);
      return new Map(userIds.map((id) => [id, (byUser.get(id) ?? []).map(({ role }) => role)]));
    },

    openSessions: async (userId, now) =>
      (await store
        .read()
        .find(
          SessionEntity,
          { userId, endedAt: null, expiresAt: { $gt: now } },
          { orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }], limit: limits.sessions },
        )) as readonly Session[],
  };
}

function userCondition(filter: UserFilter, store: RelationalStore): object {
  const conditions: object[] = [];
  if (filter.ids) conditions.push({ id: { $in: [...filter.ids] } });
  if (filter.status) conditions.push({ status: filter.status });
  if (filter.locale) conditions.push({ locale: filter.locale });
  if (filter.emailVerified !== undefined) conditions.push({ emailVerifiedAt: filter.emailVerified ? { $ne: null } : null });
  if (filter.createdAfter) conditions.push({ createdAt: { $gte: filter.createdAfter } });
  if (filter.createdBefore) conditions.push({ createdAt: { $lt: filter.createdBefore } });
  if (filter.search) {
    const part = `%${escapeLike(filter.search.trim().toLowerCase())}%`;
    conditions.push({ $or: [{ email: { $like: part } }, { [raw((alias) => `lower(${alias}.display_name)`)]: { $like: part } }] });
  }
  if (filter.role) {
    const holders = `select user_id from ${store.table('user_role')} where role = ? and company_id = ''`;
    conditions.push({ [raw((alias) => `${alias}.id in (${holders})`, [filter.role])]: [] });
  }
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** `%`, `_` and the escape character itself mean themselves; backslash is the escape in PostgreSQL and MySQL alike. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

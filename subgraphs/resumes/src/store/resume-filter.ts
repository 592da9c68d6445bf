import type { ResourceFilter, ResourceMatch } from '@loomgraph/core';
import { isOneOf, resourceCondition, type RelationalStore } from '@loomgraph/stores/relational';
import { raw } from '@mikro-orm/core';
import type { ResumeListFilter } from '../domain/ports.js';

/** The filter as a MikroORM condition. */
export function resumeCondition(filter: ResumeListFilter, store: RelationalStore): object {
  const conditions: object[] = [];
  if (filter.ids) conditions.push({ id: { $in: [...filter.ids] } });
  if (filter.userId !== undefined) conditions.push({ userId: filter.userId });
  if (filter.language !== undefined) conditions.push({ language: filter.language });
  if (filter.hasVersion !== undefined) conditions.push({ latestVersionId: filter.hasVersion ? { $ne: null } : null });
  if (filter.updatedAfter) conditions.push({ updatedAt: { $gte: filter.updatedAfter } });
  if (filter.updatedBefore) conditions.push({ updatedAt: { $lt: filter.updatedBefore } });
  if (filter.titleContains) conditions.push(containing('title', filter.titleContains));
  const visible = visibleCondition(filter.visible, store);
  if (visible) conditions.push(visible);
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** A resume is shared with any number of groups: what a match says of groups is looked up in their table. */
export function visibleCondition(filter: ResourceFilter, store: RelationalStore): object | undefined {
  if (filter.kind !== 'some') return resourceCondition(filter, {}, store.dialect);
  const ofMatch = ({ groupIds, ...rest }: ResourceMatch): object[] => {
    const direct =
      Object.keys(rest).length === 0
        ? undefined
        : resourceCondition({ kind: 'some', anyOf: [rest] }, { id: 'id', ownerId: 'userId' }, store.dialect);
    if (groupIds === undefined) return direct ? [direct] : [];
    const shared = {
      [raw(
        (alias) => `${alias}.id in (select resume_id from ${store.table('resume_group')} where group_id in (${marks(groupIds)}))`,
        [...groupIds],
      )]: [],
    };
    return [direct ? { $and: [direct, shared] } : shared];
  };
  const matches = filter.anyOf.flatMap(ofMatch);
  return matches.length === 0 ? isOneOf('id', [], store.dialect) : { $or: matches };
}

/** Part of a text column, any case. `%`, `_` and the escape character itself mean themselves; backslash is the escape in all dialects. */
export const containing = (column: string, text: string): object => ({
  [raw((alias) => `lower(${alias}.${column})`)]: { $like: `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%` },
});

const marks = (values: readonly unknown[]): string => (values.length === 0 ? 'null' : values.map(() => '?').join(', '));

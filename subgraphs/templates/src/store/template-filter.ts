import { resourceCondition, type RelationalStore } from '@loomgraph/stores/relational';
import { raw } from '@mikro-orm/core';
import type { TemplateFilter } from '../domain/ports.js';

/** The filter as a MikroORM condition; the two that differ between databases are raw fragments. */
export function templateCondition(filter: TemplateFilter, store: RelationalStore): object {
  const conditions: object[] = [];
  const equal = (property: string, value: unknown): void => {
    if (value !== undefined) conditions.push({ [property]: value });
  };
  if (filter.ids) conditions.push({ id: { $in: [...filter.ids] } });
  if (filter.categoryIds) conditions.push({ categoryId: { $in: [...filter.categoryIds] } });
  equal('industry', filter.industry);
  equal('experienceLevel', filter.experienceLevel);
  equal('language', filter.language);
  equal('createdBy', filter.createdBy);
  equal('isActive', filter.isActive);
  // Active ones are public.
  const { visible } = filter;
  const listed =
    visible === undefined || filter.isActive === true
      ? undefined
      : resourceCondition(visible, { id: 'id', ownerId: 'createdBy' }, store.dialect);
  if (listed) conditions.push({ $or: [{ isActive: true }, listed] });
  if (filter.minRating !== undefined) conditions.push({ ratingRank: { $gte: Math.round(filter.minRating * 10_000) } });
  if (filter.difficulty?.min !== undefined) conditions.push({ difficulty: { $gte: filter.difficulty.min } });
  if (filter.difficulty?.max !== undefined) conditions.push({ difficulty: { $lte: filter.difficulty.max } });
  if (filter.nameContains) {
    conditions.push({ [raw((alias) => `lower(${alias}.name)`)]: { $like: `%${escapeLike(filter.nameContains.toLowerCase())}%` } });
  }
  if (filter.tags && filter.tags.length > 0) conditions.push({ $or: filter.tags.map((tag) => hasTag(tag, store)) });
  return conditions.length === 0 ? {} : { $and: conditions };
}

function hasTag(tag: string, store: RelationalStore): object {
  return store.dialect === 'postgresql'
    ? { [raw((alias) => `${alias}.tags @> ?::jsonb`, [JSON.stringify([tag])])]: [] }
    : { [raw((alias) => `json_contains(${alias}.tags, ?)`, [JSON.stringify(tag)])]: [] };
}

/** `%`, `_` and the escape character itself mean themselves; backslash is the escape in PostgreSQL and MySQL alike. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

import type { ResourceFilter, ResourceMatch } from '@loomgraph/core';
import { raw } from '@mikro-orm/core';
import type { SqlDialect } from './port.js';

/** Entity properties, with columns of the same name in snake_case, by what they are to a filter. Rows fit no match that asks for another one. */
export interface FilteredProperties {
  readonly id?: string;
  readonly ownerId?: string;
  readonly companyId?: string;
  readonly groupId?: string;
}

/** So many values are parameters of their own; more are one JSON parameter, which has no limit: drivers take at most 32,767 or 65,535. */
const MAX_PARAMETERS = 200;

/**
 * A filter as a condition of MikroORM, for a list, its pages and its count alike.
 * @returns undefined where every row fits
 */
export function resourceCondition(filter: ResourceFilter, properties: FilteredProperties, dialect: SqlDialect): object | undefined {
  if (filter.kind === 'all') return undefined;
  const matches = filter.kind === 'none' ? [] : filter.anyOf.flatMap((match) => matchCondition(match, properties, dialect));
  return matches.length === 0 ? nothing() : { $or: matches };
}

/** The column is one of the values, however many there are. */
export function isOneOf(property: string, values: readonly string[], dialect: SqlDialect): object {
  if (values.length === 0) return nothing();
  if (values.length <= MAX_PARAMETERS) return { [property]: { $in: [...values] } };
  const column = property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const list =
    dialect === 'postgresql'
      ? 'select jsonb_array_elements_text(?::jsonb)'
      : // Compared as our tables are, whatever the server's default is.
        "select listed.v collate utf8mb4_bin from json_table(?, '$[*]' columns (v varchar(191) path '$')) listed";
  return { [raw((alias) => `${alias}.${column} in (${list})`, [JSON.stringify(values)])]: [] };
}

/** A list of conditions that all must hold; none where a row cannot tell. */
function matchCondition(
  { ownerId, companyIds, groupIds, ids }: ResourceMatch,
  properties: FilteredProperties,
  dialect: SqlDialect,
): object[] {
  const conditions: object[] = [];
  const parts = [
    { property: properties.ownerId, values: ownerId === undefined ? undefined : [ownerId] },
    { property: properties.companyId, values: companyIds },
    { property: properties.groupId, values: groupIds },
    { property: properties.id, values: ids },
  ];
  for (const { property, values } of parts) {
    if (values === undefined) continue;
    if (property === undefined) return [];
    conditions.push(isOneOf(property, values, dialect));
  }
  return conditions.length === 0 ? [] : [{ $and: conditions }];
}

/** `in ()` is no SQL. */
const nothing = (): object => ({ [raw('1 = 0')]: [] });

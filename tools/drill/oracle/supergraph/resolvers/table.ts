import { isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { catalog } from './catalog.ts';
import { media } from './media.ts';
import { orders } from './orders.ts';
import { people } from './people.ts';
import type { Requiring, Resolve, ResolverTable } from './resolver.ts';
import { reviews } from './reviews.ts';
import { stock } from './stock.ts';

const table: ResolverTable = merge([catalog, people, reviews, media, stock, orders]);

/** Undefined where the field is a property of its source. The monolith and every subgraph resolve with this one table. */
export function resolverOf(type: GraphQLObjectType, field: string): Resolve | Requiring | undefined {
  const sources = [type.name, ...type.getInterfaces().map(({ name }) => name)];
  return sources.map((name) => table[name]?.[field]).find((resolve) => resolve !== undefined);
}

/** @throws Error when a type of the table is none of the schema's, or a field is in no type: a resolver that nobody would call */
export function assertEveryResolverIsUsed(schema: GraphQLSchema): void {
  for (const [typeName, fields] of Object.entries(table)) {
    const types = Object.values(schema.getTypeMap()).filter(isObjectType);
    const served = types.filter((type) => type.name === typeName || type.getInterfaces().some(({ name }) => name === typeName));
    for (const field of Object.keys(fields)) {
      if (!served.some((type) => field in type.getFields())) throw new Error(`There is no field ${typeName}.${field} to resolve.`);
    }
  }
}

function merge(tables: readonly ResolverTable[]): ResolverTable {
  const merged: Record<string, Record<string, Resolve | Requiring>> = {};
  for (const [type, fields] of tables.flatMap((one) => Object.entries(one))) merged[type] = { ...merged[type], ...fields };
  return merged;
}

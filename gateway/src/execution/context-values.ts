import type { ContextValue, PlanPath } from '../planning/plan.js';
import type { Place } from './collect-objects.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import { fitsAny } from './rewrites.js';
import type { TypeConditions } from './type-conditions.js';

/** What is passed on for one entity: JSON texts by variable. */
export type PassedValues = ReadonlyMap<string, string>;

export interface ContextSource {
  readonly contexts: readonly ContextValue[];
  /** Variables that may not be null. */
  readonly required: ReadonlySet<string>;
  readonly types: TypeConditions;
}

/** Reads the values of `@fromContext` for an entity from the objects above it; undefined where one is not there that should be. */
export function readContexts(data: JsonObject, place: Place, { contexts, required, types }: ContextSource): PassedValues | undefined {
  const values = new Map<string, string>();
  for (const context of contexts) {
    const { variable } = context;
    if (values.has(variable)) continue;
    const value = valueAt(objectAbove(data, place, context.levels), context.path, 0, types);
    if (value !== undefined && (value !== null || !required.has(variable))) values.set(variable, JSON.stringify(value));
  }
  return contexts.every(({ variable }) => values.has(variable)) ? values : undefined;
}

function objectAbove(data: JsonObject, { path }: Place, levels: number): unknown {
  const fields = path.flatMap((segment, index) => (typeof segment === 'string' ? [index] : []));
  const end = levels === 0 ? path.length : fields.at(-levels);
  if (end === undefined) return undefined;
  return path.slice(0, end).reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], data); // the path was just walked
}

/** Null where an object on the way is; undefined where something on the way was not fetched, or is of another type. */
function valueAt(value: unknown, path: PlanPath, position: number, types: TypeConditions): unknown {
  if (value === null) return null;
  const segment = path[position];
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => valueAt(item, path, position, types));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isJsonObject(value)) return undefined;
  if (typeof segment === 'string') return valueAt(value[segment], path, position + 1, types);
  return fitsAny(value['__typename'], segment.types, types) ? valueAt(value, path, position + 1, types) : undefined;
}

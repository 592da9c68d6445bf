import type { PlanPathSegment, Rewrite } from '../planning/plan.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import type { TypeConditions } from './type-conditions.js';

/** Applies a plan's rewrites to a representation or an answer, in place. Lists on the way are gone through item by item. */
export function applyRewrites(rewrites: readonly Rewrite[], value: unknown, types: TypeConditions): void {
  for (const rewrite of rewrites) {
    const key = rewrite.path.at(-1);
    if (typeof key !== 'string') continue; // a rewrite ends in the key it changes
    eachObjectAt(value, rewrite.path.slice(0, -1), types, (object) => change(object, key, rewrite));
  }
}

function change(object: JsonObject, key: string, rewrite: Rewrite): void {
  if (rewrite.kind === 'set') object[key] = rewrite.value;
  else if (object[key] !== undefined) {
    object[rewrite.to] = object[key];
    // Faster than `delete`, which turns the object into a dictionary; absent and undefined are one here.
    object[key] = undefined;
  }
}

function eachObjectAt(value: unknown, path: readonly PlanPathSegment[], types: TypeConditions, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) eachObjectAt(item, path, types, visit);
    return;
  }
  if (!isJsonObject(value)) return;
  const [segment, ...rest] = path;
  if (segment === undefined) visit(value);
  else if (typeof segment === 'string') eachObjectAt(value[segment], rest, types, visit);
  else if (fitsAny(value['__typename'], segment.types, types)) eachObjectAt(value, rest, types, visit);
}

/** An object without a type name was asked for by its own interface's fields only, which every condition of the plan fits. */
export function fitsAny(typename: unknown, conditions: readonly string[], types: TypeConditions): boolean {
  return typeof typename !== 'string' || conditions.some((type) => types.fits(typename, type));
}

/** The same error path with the response keys the client knows. */
export function renamePath(path: readonly (string | number)[], rewrites: readonly Rewrite[]): readonly (string | number)[] {
  let renamed = path;
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'rename') continue;
    const keys = rewrite.path.filter((segment) => typeof segment === 'string');
    const at = positionsOfKeys(renamed).slice(0, keys.length);
    const matches = at.length === keys.length && at.every((position, index) => renamed[position] === keys[index]);
    if (matches) renamed = renamed.with(at.at(-1)!, rewrite.to);
  }
  return renamed;
}

function positionsOfKeys(path: readonly (string | number)[]): number[] {
  return path.flatMap((segment, position) => (typeof segment === 'string' ? [position] : []));
}

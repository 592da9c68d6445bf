import { copyJson, isDataKey, isJsonObject, type JsonObject } from './json-object.js';

/** Merges what a fetch answered into what is there. A value that is there stays unless it is null; lists merge item by item. */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const key in source) {
    if (!isDataKey(key)) continue;
    const added = source[key];
    const present = target[key];
    if (added === undefined || added === present) continue;
    if (present === undefined || present === null) target[key] = added;
    else mergeValues(present, added);
  }
}

/** `present` and `added` stand for the same value of the answer; leaves that are there are right already. */
function mergeValues(present: unknown, added: unknown): void {
  if (Array.isArray(present)) {
    if (Array.isArray(added)) mergeItems(present, added);
  } else if (isJsonObject(present) && isJsonObject(added)) mergeInto(present, added);
}

function mergeItems(present: unknown[], added: readonly unknown[]): void {
  for (let index = 0; index < added.length; index++) {
    if (present[index] === undefined || present[index] === null) present[index] = added[index];
    else mergeValues(present[index], added[index]);
  }
}

/**
 * Merges one field of an entity. `isShared`: the same answer goes to objects at several paths, whose later fetches may put fields of
 * different meaning under the same key, so a composite value may not be one object for both.
 */
export function mergeComposite(present: unknown, added: unknown, isShared: boolean): unknown {
  if (added === undefined || added === null) return present === undefined ? added : present;
  const own = isShared ? copyJson(added) : added;
  if (present === undefined || present === null) return own;
  if (present !== own) mergeValues(present, own);
  return present;
}

import type { DeferUsage } from './defer-usages.js';

/** The deferred fragments a field belongs to; empty: the field is in the first part of the answer. */
export type DeferSet = ReadonlySet<DeferUsage>;

export const FIRST_PART: DeferSet = new Set();

/**
 * The deferred fragments that bring a field selected at several places: none where one place is not deferred, and not those inside of
 * another of them, which brings it sooner.
 */
export function deferSetOf(places: Iterable<DeferUsage | undefined>): DeferSet {
  const set = new Set<DeferUsage>();
  for (const usage of places) {
    if (usage === undefined) return FIRST_PART;
    set.add(usage);
  }
  for (const usage of set) {
    for (let outer = usage.parent; outer !== undefined; outer = outer.parent) {
      if (!set.has(outer)) continue;
      set.delete(usage);
      break;
    }
  }
  return set;
}

export function isSameSet(one: DeferSet, other: DeferSet): boolean {
  return one.size === other.size && [...one].every((usage) => other.has(usage));
}

/** Entries by their set; sets that hold the same are one. */
export function groupBySet<T>(entries: Iterable<readonly [DeferSet, T]>): { readonly set: DeferSet; readonly entries: T[] }[] {
  const groups: { readonly set: DeferSet; readonly entries: T[] }[] = [];
  for (const [set, entry] of entries) {
    const known = groups.find((group) => isSameSet(group.set, set));
    if (known === undefined) groups.push({ set, entries: [entry] });
    else known.entries.push(entry);
  }
  return groups;
}

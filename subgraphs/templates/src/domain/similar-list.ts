/** A template that another is close to. */
export interface Neighbour {
  readonly id: string;
  /** Cosine similarity. */
  readonly score: number;
}

/** Closest first, ties by id: databases order ids by other alphabets, and the order is part of what is derived. */
export const byCloseness = (a: Neighbour, b: Neighbour): number => b.score - a.score || (a.id < b.id ? -1 : 1);

/** What a template's change means for the lists of others. */
export interface ChangedNeighbour {
  readonly id: string;
  /** Whether it may be in lists. */
  readonly isActive: boolean;
  /** The templates it is close to now, with how close. */
  readonly around: readonly Neighbour[];
}

/**
 * The list of template `owner`, at most `length` long, after one template changed: what a look-up would find, without one. The same array when nothing
 * changes; undefined where only a look-up can tell, since one that was never in the list may be in it now.
 *
 * Those outside a full list are at most as close as its last one. So whoever moves within a list, but not below its last place, stays in it;
 * whoever leaves a full list, or falls to its end, makes room for one that is not known here.
 */
export function withChanged<One extends Neighbour>(
  list: readonly One[],
  owner: string,
  changed: ChangedNeighbour,
  length: number,
): readonly (One | Neighbour)[] | undefined {
  const before = list.find(({ id }) => id === changed.id);
  const score = changed.isActive ? changed.around.find(({ id }) => id === owner)?.score : undefined;
  // Of one that left a short list, a look-up would say the same; it is left to that, as it is rare.
  if (score === undefined) return before ? undefined : list;
  const others = list.filter((one) => one !== before);
  const after = [...others, { id: changed.id, score }].toSorted(byCloseness);
  if (!before) return after.slice(0, length).some(({ id }) => id === changed.id) ? after.slice(0, length) : list;
  if (before.score === score) return list;
  if (list.length < length) return after;
  const last = Math.min(...list.map((one) => one.score));
  return score > last ? after : undefined;
}

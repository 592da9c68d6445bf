/** So many are compared: each costs a comparison of everything that is asked for. */
export const MAX_CANDIDATES = 200;
/** So deep a ranking is gone into where most of it is not what was wished for. */
const MAX_DEPTH = 1_600;
const DEEPER = 8;
/** Whole texts are loaded of so many at a time. */
const AT_ONCE = 100;

/**
 * The first of a ranking that are what was wished for, at most 200. Whatever is passed over takes nobody's place, until 1,600 were looked at.
 * @param ranking ids, best first, at most `depth`
 * @param keep loads those of some ids that are wanted, in their order
 */
export async function gather<T>(
  ranking: (depth: number) => Promise<readonly string[]>,
  keep: (ids: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const seen = new Set<string>();
  const kept: T[] = [];
  for (let depth = MAX_CANDIDATES; depth <= MAX_DEPTH; depth *= DEEPER) {
    const ids = await ranking(depth);
    const fresh = ids.filter((id) => !seen.has(id));
    for (let at = 0; at < fresh.length && kept.length < MAX_CANDIDATES; at += AT_ONCE) {
      const some = fresh.slice(at, at + AT_ONCE);
      for (const id of some) seen.add(id);
      kept.push(...(await keep(some)));
    }
    if (kept.length >= MAX_CANDIDATES || ids.length < depth) break;
  }
  return kept.slice(0, MAX_CANDIDATES);
}

import type { ScanEntry } from '../vectors/port.js';
import { compareUtf8 } from './input.js';

/** One bucket's sorted keys, read page by page. */
export interface SortedSource {
  /** The next entries after `after`, and whether there may be more. */
  readPage(after: string | undefined): Promise<{ items: readonly ScanEntry[]; last: string | undefined; hasMore: boolean }>;
}

interface Head {
  readonly source: SortedSource;
  items: readonly ScanEntry[];
  position: number;
  last: string | undefined;
  hasMore: boolean;
}

/** Merges sorted sources into the first `limit` entries. Sources whose page ran out are read again together, one round trip. */
export async function mergeSorted(sources: readonly SortedSource[], options: { after?: string; limit: number }): Promise<ScanEntry[]> {
  const heads = sources.map((source): Head => ({ source, items: [], position: 0, last: options.after, hasMore: true }));
  const merged: ScanEntry[] = [];
  while (merged.length < options.limit) {
    const empty = heads.filter((head) => head.hasMore && head.position >= head.items.length);
    if (empty.length > 0) {
      await Promise.all(empty.map(refill));
      continue;
    }
    const next = smallest(heads);
    if (!next) break;
    merged.push(next);
  }
  return merged;
}

async function refill(head: Head): Promise<void> {
  const page = await head.source.readPage(head.last);
  head.items = page.items;
  head.position = 0;
  head.last = page.last ?? head.last;
  head.hasMore = page.hasMore;
}

function smallest(heads: readonly Head[]): ScanEntry | undefined {
  let best: Head | undefined;
  for (const head of heads) {
    const item = head.items[head.position];
    const bestItem = best?.items[best.position];
    if (item && (!bestItem || compareUtf8(item.id, bestItem.id) < 0)) best = head;
  }
  const item = best?.items[best.position];
  if (best) best.position += 1;
  return item;
}

import type { Span } from '../understanding/text.js';

/** Of spans in the order of the text that do not overlap, the one that a position is in. */
export function spanAt<T extends Span>(spans: readonly T[], position: number): T | undefined {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span && span.start <= position ? span : undefined;
}

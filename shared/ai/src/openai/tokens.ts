const BYTES_PER_TOKEN = 3;

/**
 * How many tokens a text has, rather too many than too few: one for three bytes of UTF-8, so about four letters of English would do
 * and a Chinese character counts as one. A tokenizer would be exact for one model only, and costs megabytes.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** The beginning of a text that has at most so many tokens by `estimateTokens`; never half a character. */
export function truncateToTokens(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text;
  // A character cut in two decodes to a replacement character at the end, which is dropped.
  return Buffer.from(text)
    .subarray(0, maxTokens * BYTES_PER_TOKEN)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

export interface BatchLimits {
  readonly maxBatchItems: number;
  readonly maxBatchTokens: number;
}

export interface Batch<T> {
  readonly items: readonly T[];
  readonly tokens: number;
}

/** Cuts items, in their order, into batches within both limits; an item past the token limit has a batch of its own. */
export function toBatches<T>(items: readonly T[], tokensOf: (item: T) => number, limits: BatchLimits): Batch<T>[] {
  const batches: { items: T[]; tokens: number }[] = [];
  for (const item of items) {
    const tokens = tokensOf(item);
    const last = batches.at(-1);
    if (last !== undefined && last.items.length < limits.maxBatchItems && last.tokens + tokens <= limits.maxBatchTokens) {
      last.items.push(item);
      last.tokens += tokens;
    } else {
      batches.push({ items: [item], tokens });
    }
  }
  return batches;
}

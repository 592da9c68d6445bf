import { setImmediate } from 'node:timers/promises';
import type { Embedder } from '../port.js';
import { blankVector, toUnitVector } from '../vector.js';
import { featuresOf } from './features.js';
import { hashText } from './hash.js';

/** Two places for each feature: two features are mixed up only where both of their places meet. */
const SEEDS = [0x9747b28c, 0x5bd1e995];
const SIGN_BIT = 0x8000_0000;
/** A backfill embeds thousands of texts in a process that also answers requests: how long it may hold the thread at a time. */
const MAX_BLOCK_MS = 10;

/**
 * An embedder without a model: vectors of the words in a text, by feature hashing (Weinberger et al. 2009,
 * https://arxiv.org/abs/0902.2206). Deterministic, offline, some 7,000 short texts a second; nearness means shared words, parts of
 * words and word pairs, in English, Chinese and any language that puts blanks between words. It knows no synonyms.
 */
export function createLexicalEmbedder(options: { dimensions?: number } = {}): Embedder {
  const { dimensions = 1_536 } = options;
  if (!Number.isInteger(dimensions) || dimensions < 8)
    throw new RangeError(`An embedding needs at least 8 dimensions; ${dimensions} were asked for.`);
  return {
    name: 'loom-lexical-1',
    version: 1,
    dimensions,
    similarity: 'lexical',
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      const vectors: number[][] = [];
      let resumedAt = performance.now();
      for (const text of texts) {
        if (performance.now() - resumedAt > MAX_BLOCK_MS) {
          await setImmediate();
          resumedAt = performance.now();
        }
        signal?.throwIfAborted();
        vectors.push(toVector(await featuresOf(text), dimensions));
      }
      return vectors;
    },
  };
}

function toVector(features: ReadonlyMap<string, number>, dimensions: number): number[] {
  const sums = new Float64Array(dimensions);
  for (const [feature, weight] of features) {
    for (const seed of SEEDS) {
      const hash = hashText(feature, seed);
      const place = (hash & ~SIGN_BIT) % dimensions;
      sums[place] = (sums[place] ?? 0) + ((hash & SIGN_BIT) === 0 ? weight : -weight);
    }
  }
  return toUnitVector(sums) ?? blankVector(dimensions);
}

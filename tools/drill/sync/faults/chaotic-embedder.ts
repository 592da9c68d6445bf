import { LoomError } from '@loomgraph/core';
import { createLexicalEmbedder, type Embedder } from '@loomgraph/ai';
import type { Random } from '../../../harness/random.ts';

/** A text with this word cannot be embedded while the drill says so. */
export const POISON = 'zzpoisonzz';

const STORM_EVERY_MS = { from: 4_000, to: 9_000 };
const STORM_MS = { from: 200, to: 900 };

/** The embedder of the product, with a provider's moods: storms of 429 with a time to come back, and texts it will not take. */
export function chaoticEmbedder(options: {
  readonly dimensions: number;
  readonly random: Random;
  readonly storms: boolean;
  readonly poisonous: () => boolean;
  readonly report: (kind: string) => void;
}): Embedder {
  const { random, report } = options;
  const embedder = createLexicalEmbedder({ dimensions: options.dimensions });
  const storm = {
    from: performance.now() + random.integer(STORM_EVERY_MS.from, STORM_EVERY_MS.to),
    forMs: random.integer(STORM_MS.from, STORM_MS.to),
  };
  const throttle = (): void => {
    const since = performance.now() - storm.from;
    if (!options.storms || since < 0) return;
    if (since < storm.forMs) {
      report('429 embedder');
      throw new LoomError('AI_PROVIDER_UNAVAILABLE', 'Too many requests, says the drill.', { details: { retryAfterMs: 100 } });
    }
    storm.from = performance.now() + random.integer(STORM_EVERY_MS.from, STORM_EVERY_MS.to);
    storm.forMs = random.integer(STORM_MS.from, STORM_MS.to);
  };
  return {
    name: embedder.name,
    version: embedder.version,
    dimensions: embedder.dimensions,
    similarity: embedder.similarity,
    async embed(texts) {
      throttle();
      if (options.poisonous() && texts.some((text) => text.includes(POISON))) {
        report('poison embedder');
        throw new LoomError('AI_PROVIDER_REJECTED', 'The drill does not take this text.');
      }
      return embedder.embed(texts);
    },
  };
}

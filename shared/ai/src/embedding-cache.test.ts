import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { describeEmbedderContract } from './contract.js';
import { createMemoryEmbeddingStore, withEmbeddingCache } from './embedding-cache.js';
import { createLexicalEmbedder } from './lexical/lexical-embedder.js';
import type { Embedder } from './port.js';

describeEmbedderContract({
  name: 'lexical behind a cache',
  create: async () => ({ embedder: withEmbeddingCache(createLexicalEmbedder()), [Symbol.asyncDispose]: async () => {} }),
});

function createCounting(overrides: Partial<Embedder> = {}): { embedder: Embedder; sent: string[][] } {
  const inner = createLexicalEmbedder({ dimensions: 32 });
  const sent: string[][] = [];
  const embed: Embedder['embed'] = (texts, options) => {
    sent.push([...texts]);
    return inner.embed(texts, options);
  };
  return { embedder: { ...inner, embed, ...overrides }, sent };
}

describe('embedding cache', () => {
  it('embeds each text once, and counts hits and misses', async () => {
    const { embedder, sent } = createCounting();
    const metrics = createMetrics();
    const cached = withEmbeddingCache(embedder, { metrics });
    const first = await cached.embed(['a', 'b', 'a']);
    const second = await cached.embed(['b', 'c', 'a']);
    expect(sent).toEqual([['a', 'b'], ['c']]);
    expect(second[0]).toEqual(first[1]);
    expect(second[2]).toEqual(first[0]);
    expect(cached.stats).toEqual({ hits: 3, misses: 3 });
    expect((await metrics.render()).body).toContain('loom_embedding_cache_total{model="loom-lexical-1",outcome="hit"} 3');
    await cached.embed([]);
    expect(sent).toHaveLength(2);
  });

  it('hands out copies', async () => {
    const cached = withEmbeddingCache(createCounting().embedder);
    const [one, other] = await cached.embed(['a', 'a']);
    one!.fill(0);
    expect(other).toEqual((await cached.embed(['a']))[0]);
  });

  it('keeps at most so many', async () => {
    const { embedder, sent } = createCounting();
    const cached = withEmbeddingCache(embedder, { maxEntries: 1 });
    for (const text of ['a', 'b', 'a']) await cached.embed([text]);
    expect(sent).toHaveLength(3);
  });

  it('keeps models apart in a shared store', async () => {
    const store = createMemoryEmbeddingStore(100);
    const [one, newer, longer] = [createCounting(), createCounting({ version: 2 }), createCounting({ dimensions: 64 })];
    for (const { embedder } of [one, newer, longer]) await withEmbeddingCache(embedder, { store }).embed(['a']);
    expect([one.sent, newer.sent, longer.sent]).toEqual([[['a']], [['a']], [['a']]]);
    const again = withEmbeddingCache(one.embedder, { store });
    await again.embed(['a']);
    expect(again.stats).toEqual({ hits: 1, misses: 0 });
  });

  it('goes on without a store that fails', async () => {
    const logger = createMemoryLogger();
    const store = { getMany: () => Promise.reject(new Error('down')), setMany: () => Promise.reject(new Error('down')) };
    const cached = withEmbeddingCache(createCounting().embedder, { store, logger });
    await expect(cached.embed(['a'])).resolves.toHaveLength(1);
    expect(logger.lines.map((line) => line.level)).toEqual(['warn', 'warn']);
  });

  it('remembers nothing of a call that failed', async () => {
    const { embedder } = createCounting();
    let fail = true;
    const flaky: Embedder = { ...embedder, embed: (texts) => (fail ? Promise.reject(new Error('no')) : embedder.embed(texts)) };
    const cached = withEmbeddingCache(flaky);
    await expect(cached.embed(['a'])).rejects.toThrow('no');
    fail = false;
    await expect(cached.embed(['a'])).resolves.toHaveLength(1);
  });
});

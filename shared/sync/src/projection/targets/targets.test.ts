import { createMemoryCache } from '@loomgraph/stores/cache';
import type { AdvanceOutcome, VectorDocument, VectorIndex } from '@loomgraph/stores/vectors';
import type { ProjectedDocument } from '../define-projection.js';
import { cacheTarget } from './cache.js';
import { vectorTarget, type VectorContent } from './vectors.js';

const content: VectorContent = { title: 'T', text: 'text', attributes: {}, embed: { content: 'text', title: 'T' } };
const embedder = { name: 'm', version: 1, dimensions: 2, embed: async (texts: readonly string[]) => texts.map((text) => [text.length, 0]) };
const document = (id: string, more: Partial<ProjectedDocument<VectorContent>> = {}): ProjectedDocument<VectorContent> => ({
  id,
  revision: 1,
  fence: 4,
  fingerprint: `f-${id}`,
  content,
  ...more,
});

/** An index that advances what it is told and records the rest. */
function recordingIndex(advances: Readonly<Record<string, AdvanceOutcome>>, dimensions = 2) {
  const calls: string[] = [];
  const upserted: VectorDocument[] = [];
  const index: Pick<VectorIndex, 'collection' | 'advance' | 'upsert'> = {
    collection: { name: 'c', dimensions, embeddings: {}, attributes: {} },
    async advance(marks) {
      calls.push(`advance ${marks.map(({ id, fence }) => `${id}/${fence}`).join(' ')}`);
      return marks.map(({ id }) => advances[id] ?? 'differs');
    },
    async upsert(documents) {
      calls.push(`upsert ${documents.map(({ id }) => id).join(' ')}`);
      upserted.push(...documents);
      return documents.map(() => 'applied');
    },
  };
  // The target's `apply` uses no more of it.
  return { index: index as VectorIndex, calls, upserted };
}

describe('vectorTarget', () => {
  it('advances what is unchanged, announces and writes what is not, and answers in order', async () => {
    const { index, calls, upserted } = recordingIndex({ same: 'advanced', late: 'fenced' });
    const target = vectorTarget(index, embedder);
    const announce = async (ids: readonly string[]) => void calls.push(`announce ${ids.join(' ')}`);
    const outcomes = await target.apply([document('a'), document('same'), document('late'), document('b')], { announce });
    expect(outcomes).toEqual(['applied', 'applied', 'fenced', 'applied']);
    expect(calls).toEqual(['advance a/4 same/4 late/4 b/4', 'announce a b', 'upsert a b']);
    expect(upserted[0]).toEqual({
      id: 'a',
      revision: 1,
      fence: 4,
      fingerprint: 'f-a',
      model: 'm',
      title: 'T',
      text: 'text',
      attributes: {},
      embeddings: { content: [4, 0], title: [1, 0] },
    });
  });

  // Prevents: a repair that takes the fingerprint's word for it that the corrupt content is there already.
  it('writes what replaces whole, without looking at the fingerprint', async () => {
    const { index, calls, upserted } = recordingIndex({ corrupt: 'advanced' });
    const replaces = { revision: 1, fence: 3 };
    expect(await vectorTarget(index, embedder).apply([document('corrupt', { replaces })])).toEqual(['applied']);
    expect(calls).toEqual(['upsert corrupt']);
    expect(upserted[0]).toMatchObject({ replaces });
  });

  it('blames no document for a collection of other dimensions', async () => {
    const { index, calls } = recordingIndex({}, 3);
    await expect(vectorTarget(index, embedder).apply([document('a')])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      retryable: true,
      message: expect.stringMatching(/\b3\b.*\b2\b/),
    });
    expect(calls).toEqual([]);
  });
});

describe('cacheTarget', () => {
  it('keeps what it wrote under its prefix, by the ids of the records', async () => {
    await using cache = createMemoryCache();
    const target = cacheTarget<{ n: number }>({ cache, prefix: 'p:', ttlMs: 60_000 });
    await cache.setIfNewer('other:a', { revision: 1, fingerprint: 'f', value: 1 });
    const entry = { fingerprint: 'f', content: { n: 1 } };
    expect(await target.apply([{ id: 'b', revision: 2, fence: 3, ...entry }])).toEqual(['applied']);
    expect(await target.remove([{ id: 'a', revision: 5, fence: 1 }])).toEqual(['applied']);
    expect(await target.apply([{ id: 'a', revision: 4, fence: 9, ...entry }])).toEqual(['fenced']);
    const a = { id: 'a', revision: 5, fence: 1, fingerprint: '', deleted: true };
    const b = { id: 'b', revision: 2, fence: 3, fingerprint: 'f', deleted: false };
    expect(await target.entries(['b', 'nobody', 'a'])).toEqual([b, null, a]);
    expect(await target.scan({ limit: 9 })).toEqual([a, b]);
    expect(await target.scan({ after: 'a', limit: 9, verify: true })).toEqual([{ ...b, intact: true }]);
    const repair = { id: 'a', revision: 1, fence: 4, ...entry, replaces: { revision: 5, fence: 1 } };
    expect(await target.apply([repair, { ...repair, id: 'b' }])).toEqual(['applied', 'fenced']);
    expect(await cache.get('p:a')).toEqual({ n: 1 });
    await target.drop?.();
    expect(await target.scan({ limit: 9 })).toEqual([]);
    expect(await cache.get('other:a')).toBe(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Embedder } from './port.js';
import { cosineSimilarity } from './vector.js';

/** An embedder under test, with how many calls a provider has seen where there is one. */
export interface EmbedderHarness extends AsyncDisposable {
  readonly embedder: Embedder;
  readonly providerCalls?: () => number;
}

export interface EmbedderContractOptions {
  readonly name: string;
  readonly create: () => Promise<EmbedderHarness>;
  /** Clauses of the port that this adapter cannot keep, and why. */
  readonly unsupported?: readonly { readonly clause: number; readonly reason: string }[];
}

const TEXTS = [
  'a calm two-column layout for engineers',
  'warm desert colours',
  'serif letters, printed on paper',
  '适合学术研究人员的简历模板',
];
/** Providers answer the same text with small differences. */
const SAME = 0.999;

/** Tests the clauses of the `Embedder` port; 7 is tested with the adapters, since only they know how their provider fails. */
export function describeEmbedderContract(options: EmbedderContractOptions): void {
  const { name, create, unsupported = [] } = options;
  const clause = (number: number, title: string, test: () => Promise<void>): void => {
    const exception = unsupported.find((entry) => entry.clause === number);
    if (exception === undefined) it(`${number}. ${title}`, test);
    else it.skip(`${number}. ${title} (unsupported: ${exception.reason})`, test);
  };

  describe(`embedder contract: ${name}`, () => {
    let harness: EmbedderHarness;
    const embed = (texts: readonly string[]): Promise<number[][]> => harness.embedder.embed(texts);
    beforeAll(async () => {
      harness = await create();
    });
    afterAll(async () => {
      await harness[Symbol.asyncDispose]();
    });

    clause(1, 'answers one vector for each text, in their order', async () => {
      const together = await embed(TEXTS);
      expect(together).toHaveLength(TEXTS.length);
      for (const [index, text] of TEXTS.entries()) {
        const [alone] = await embed([text]);
        expect(cosineSimilarity(together[index]!, alone!)).toBeGreaterThan(SAME);
      }
    });

    clause(1, 'makes no call for no text', async () => {
      const before = harness.providerCalls?.();
      expect(await embed([])).toEqual([]);
      expect(harness.providerCalls?.()).toBe(before);
    });

    clause(2, 'answers finite single-precision vectors of the dimensions, length 1', async () => {
      for (const vector of await embed(TEXTS)) {
        expect(vector).toHaveLength(harness.embedder.dimensions);
        expect(vector.every((component) => Number.isFinite(component) && Math.fround(component) === component)).toBe(true);
        expect(cosineSimilarity(vector, vector)).toBeCloseTo(1, 5);
      }
    });

    clause(3, 'answers the same vector for the same text, twice in a call and in another', async () => {
      const [first, , again] = await embed([TEXTS[0]!, TEXTS[1]!, TEXTS[0]!]);
      const [later] = await embed([TEXTS[0]!]);
      expect(cosineSimilarity(first!, again!)).toBeGreaterThan(SAME);
      expect(cosineSimilarity(first!, later!)).toBeGreaterThan(SAME);
    });

    clause(4, 'has one vector for all blank texts, and asks no provider for it', async () => {
      const before = harness.providerCalls?.();
      const [empty, blank] = await embed(['', ' \n\t ']);
      expect(empty).toEqual(blank);
      expect(cosineSimilarity(empty!, empty!)).toBeCloseTo(1, 5);
      expect(harness.providerCalls?.()).toBe(before);
      const [, between] = await embed([TEXTS[0]!, '', TEXTS[1]!]);
      expect(between).toEqual(empty);
    });

    clause(5, 'puts a text nearer to the same words in another order than to something else', async () => {
      const [text, reordered, other] = await embed([
        'scholarly resume with serif typography',
        'serif typography, a resume: scholarly',
        'warm desert colours',
      ]);
      expect(cosineSimilarity(text!, reordered!)).toBeGreaterThan(cosineSimilarity(text!, other!));
      const [chinese, alike, unlike] = await embed(['学术简历模板', '适合学术研究人员的简历', '温暖的沙漠色彩']);
      expect(cosineSimilarity(chinese!, alike!)).toBeGreaterThan(cosineSimilarity(chinese!, unlike!));
    });

    clause(6, 'rejects with the reason of an aborted signal, and sends nothing', async () => {
      const before = harness.providerCalls?.();
      const reason = new Error('the caller has left');
      await expect(harness.embedder.embed(TEXTS, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect(harness.providerCalls?.()).toBe(before);
    });

    clause(8, 'names the model, its version and its dimensions', async () => {
      const { name: model, version, dimensions, similarity } = harness.embedder;
      expect(model).toMatch(/\S/);
      expect(Number.isInteger(version) && version >= 1).toBe(true);
      expect(dimensions).toBeGreaterThan(0);
      expect(['lexical', 'semantic']).toContain(similarity);
    });
  });
}

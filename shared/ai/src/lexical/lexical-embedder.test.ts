import { describeEmbedderContract } from '../contract.js';
import { cosineSimilarity } from '../vector.js';
import { createLexicalEmbedder } from './lexical-embedder.js';

const embedder = createLexicalEmbedder();
describeEmbedderContract({ name: 'lexical', create: async () => ({ embedder, [Symbol.asyncDispose]: async () => {} }) });

const templates = {
  'academic-cv-lite':
    'Academic CV Lite. Scholarly, data-rich resume with structured lists and serif typography. Simple text hierarchy with no color. academic scholarly cv serif',
  'desert-modern':
    'Desert Modern. Sun-baked palette of warm sand and terracotta with a calm, contemporary single-column layout. warm desert earthy',
  'elegant-pink': 'Elegant Pink. Refined, graceful layout with a soft rose accent and elegant serif headings. elegant pink soft serif',
  'developer-mono': 'Developer Mono. Monospaced theme for software engineers, inspired by the terminal. developer code terminal',
  'bold-header':
    'Bold Header Statement. Magazine-inspired layout with commanding header and confident personal brand aesthetic. bold header magazine',
  consultant:
    'Consultant Polished. Structured resume with transitional serif headers, for narrative-driven roles. consulting professional navy',
  'chinese-academic': '学术简历。适合高校教师与科研人员，衬线字体，结构清晰。',
  'chinese-design': '设计师作品集。色彩鲜艳，适合创意行业。',
};

/** Names of the templates, nearest first. */
async function rank(query: string): Promise<string[]> {
  const [wanted, ...vectors] = await embedder.embed([query, ...Object.values(templates)]);
  return Object.keys(templates)
    .map((name, index) => ({ name, score: cosineSimilarity(wanted!, vectors[index]!) }))
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);
}

describe('lexical embedder', () => {
  it.each([
    ['scholarly serif layout for academic work', 'academic-cv-lite'],
    ['resumes for a software engineer', 'developer-mono'],
    ['magazine style with a bold heading', 'bold-header'],
    ['warm colours of the desert', 'desert-modern'],
    ['proffesional consultng', 'consultant'],
    ['学术简历模板', 'chinese-academic'],
    ['创意设计', 'chinese-design'],
  ])('finds for "%s" first %s', async (query, expected) => {
    expect((await rank(query))[0]).toBe(expected);
  });

  it('folds case, plurals, endings, width and possessives', async () => {
    const pairs = [
      ['Layouts', 'layout'],
      ['styled', 'styling'],
      ['scholarly', 'scholar'],
      ['categories', 'category'],
      ['ＲＥＳＵＭＥ', 'resume'],
      ["architect's", 'architect'],
    ] as const;
    for (const [one, other] of pairs) {
      const [a, b] = await embedder.embed([one, other]);
      expect(cosineSimilarity(a!, b!)).toBeCloseTo(1, 5);
    }
  });

  it('ignores stop words, unless there is nothing else', async () => {
    const [bare, wordy, stops, otherStops] = await embedder.embed(['serif layout', 'the serif and the layout', 'the of', 'with']);
    expect(cosineSimilarity(bare!, wordy!)).toBeCloseTo(1, 5);
    expect(cosineSimilarity(stops!, otherStops!)).toBeLessThan(0.5);
  });

  it('takes the order of words into account, and repetition less than in proportion', async () => {
    const [text, same, swapped] = await embedder.embed(['red paper blue ink', 'red paper blue ink', 'blue paper red ink']);
    expect(cosineSimilarity(text!, same!)).toBeCloseTo(1, 5);
    expect(cosineSimilarity(text!, swapped!)).toBeLessThan(0.95);
    const [once, often] = await embedder.embed(['serif paper', `${'serif '.repeat(50)} paper`]);
    expect(cosineSimilarity(once!, often!)).toBeGreaterThan(0.5);
  });

  it('gives unrelated texts a similarity near 0', async () => {
    const vectors = await embedder.embed(['quantum chromodynamics lattice', 'banana bread oven', 'harbour pilot tugboat', '银行 会计']);
    for (const [i, a] of vectors.entries())
      for (const b of vectors.slice(i + 1)) expect(Math.abs(cosineSimilarity(a, b))).toBeLessThan(0.15);
  });

  it('never changes: stored vectors depend on it', async () => {
    const small = createLexicalEmbedder({ dimensions: 16 });
    expect(await small.embed(['serif layout', '学术简历'])).toMatchSnapshot();
  });

  it('lets other work go on during a long call, and stops when told', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const long = embedder.embed(
      Array.from({ length: 200_000 }, () => templates.consultant),
      { signal: controller.signal },
    );
    setImmediate(() => controller.abort(reason));
    await expect(long).rejects.toBe(reason);
  });

  it('refuses too few dimensions', () => {
    expect(() => createLexicalEmbedder({ dimensions: 4 })).toThrow(RangeError);
  });
});

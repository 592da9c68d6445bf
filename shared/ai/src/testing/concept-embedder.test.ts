import { cosineSimilarity } from '../vector.js';
import { conceptEmbedder } from './concept-embedder.js';

describe('concept embedder (test double of a semantic provider)', () => {
  const embed = conceptEmbedder(64);

  it.each([
    ['researcher at a university', 'scholarly', 'terracotta'],
    ['学术简历', 'for a professor', 'for a programmer'],
    ['attorney', '律师', '医生'],
    ['uncluttered', 'minimalist', 'vivid'],
  ])('puts "%s" nearer to "%s" than to "%s"', (text, near, far) => {
    expect(cosineSimilarity(embed(text), embed(near))).toBeGreaterThan(0.5);
    expect(cosineSimilarity(embed(text), embed(far))).toBeLessThan(0.3);
  });

  it('refuses too few dimensions', () => {
    expect(() => conceptEmbedder(20)).toThrow(RangeError);
  });
});

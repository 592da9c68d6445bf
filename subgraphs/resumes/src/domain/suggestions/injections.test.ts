import { injections, pairs, placed } from '../../../test/support/injections.js';
import { assess } from '../../../test/support/suggestion-texts.js';

describe('R2 an injection moves no score', () => {
  it('the corpus has 25 at least, in both languages', () => {
    expect(injections.length).toBeGreaterThanOrEqual(25);
    expect(injections.filter((text) => /\p{Script=Han}/u.test(text)).length).toBeGreaterThanOrEqual(10);
  });

  describe.each(pairs)('$name', ({ resume, job }) => {
    it.each(injections)('%j', async (injection) => {
      const { score } = await assess(resume, job);
      const moved: string[] = [];
      for (const [what, changed] of [
        ...placed(resume, injection).map((text) => ['resume', assess(text, job)] as const),
        ...placed(job, injection).map((text) => ['job', assess(resume, text)] as const),
      ]) {
        const answer = await changed;
        if (Math.abs(answer.score - score) >= 1) moved.push(`${what}: ${answer.score} instead of ${score}`);
      }
      expect(moved).toEqual([]);
    });
  });
});

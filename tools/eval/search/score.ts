import type { Judgement } from './judgements.ts';

/** Figures of a ranking over several queries, each 0 to 1. */
export interface Scores {
  /** Queries whose first hit is relevant. */
  readonly top1: number;
  /** Mean of one over the place of the first relevant hit; 0 where there is none. */
  readonly mrr: number;
  /** Mean share of the relevant templates among the first five hits. */
  readonly recallAt5: number;
}

const DEPTH = 5;

export function score(answers: readonly { readonly judgement: Judgement; readonly hits: readonly string[] }[]): Scores {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const firstRelevant = answers.map(({ judgement, hits }) => hits.findIndex((slug) => judgement.relevant.includes(slug)));
  return {
    top1: mean(firstRelevant.map((position) => (position === 0 ? 1 : 0))),
    mrr: mean(firstRelevant.map((position) => (position < 0 ? 0 : 1 / (position + 1)))),
    recallAt5: mean(
      answers.map(({ judgement, hits }) => {
        const found = judgement.relevant.filter((slug) => hits.slice(0, DEPTH).includes(slug));
        return found.length / Math.min(DEPTH, judgement.relevant.length);
      }),
    ),
  };
}

import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Figure, Outcome } from '../../report/outcome.ts';
import { gradedParts, loadGradedPairs, type GradedPairs } from './graded-pairs.ts';
import { ndcgAt, precisionAt, type Ranked } from './measures.ts';
import { rankers, type Ranker } from './rankers.ts';

/** The first grade that those who graded call a good match. */
const GOOD = 4;
/** What is no match at all gains nothing. */
const NO_MATCH = 1;
/** Of what another ranker leaves to the best that can be had, the share by which the local analyser must do better, on what is held out. */
const CLEARLY = 0.25;

interface Scores {
  readonly ndcg10: number;
  readonly p5: number;
}

/** Ranks the jobs of public graded data for each resume of it: by the local analyser, by BM25, and by nearness of embeddings. */
export async function runMatchingEvaluation(_options: RunOptions, { say }: RunContext): Promise<Outcome> {
  const parts = await loadGradedPairs();
  const figures: Figure[] = [];
  const heldOut = new Map<Ranker['name'], Scores>();
  for (const part of gradedParts) {
    const { jobs, resumes } = parts[part];
    say(`${part}: ${jobs.length} jobs for each of ${resumes.length} resumes`);
    for (const ranker of rankers) {
      const scores = await scoresOf(ranker, parts[part]);
      if (part === 'held-out') heldOut.set(ranker.name, scores);
      const prefix = part === 'held-out' ? '' : `${part}.`;
      figures.push(
        { name: `${prefix}ndcg10.${ranker.name}`, value: scores.ndcg10, meaning: `NDCG@10 of jobs for a resume, ${part} part` },
        { name: `${prefix}p5.${ranker.name}`, value: scores.p5, meaning: `share of good matches among the first 5, ${part} part` },
      );
    }
  }
  const { jobs, resumes, gradeOf } = parts['held-out'];
  const good = resumes.map(({ id }) => jobs.filter((job) => gradeOf(id, job.id) >= GOOD).length);
  const best: Scores = { ndcg10: 1, p5: mean(good.map((count) => Math.min(count, 5) / 5)) };
  const chance = scoresBy(parts['held-out'], () => jobs.map(() => 0));
  return {
    figures: figures.toSorted((a, b) => Number(a.name.startsWith('tuning')) - Number(b.name.startsWith('tuning'))),
    notes: [
      `held out: ${resumes.length} resumes and ${jobs.length} jobs that share nothing with the tuning part; P@5 could be ${best.p5.toFixed(3)} at most`,
      `by chance: NDCG@10 ${chance.ndcg10.toFixed(3)}, P@5 ${chance.p5.toFixed(3)}`,
      'texts and grades are synthetic, the grades by a language model: tools/eval/matching/data/README.md',
    ],
    failures: [...heldOut].flatMap(([name, other]) => (name === 'ours' ? [] : notBeaten({ name, ours: heldOut.get('ours'), other, best }))),
  };
}

async function scoresOf(ranker: Ranker, part: GradedPairs): Promise<Scores> {
  const all = await ranker.scores(part.resumes, part.jobs);
  return scoresBy(part, (resumeId) => all.get(resumeId) ?? []);
}

function scoresBy({ jobs, resumes, gradeOf }: GradedPairs, scores: (resumeId: string) => readonly number[]): Scores {
  const all = resumes.map(({ id: resumeId }) => {
    const own = scores(resumeId);
    return jobs.map(({ id }, index): Ranked => ({ score: own[index] ?? 0, grade: gradeOf(resumeId, id) - NO_MATCH }));
  });
  return {
    ndcg10: mean(all.flatMap((ranked) => ndcgAt(10, ranked) ?? [])),
    p5: mean(all.map((ranked) => precisionAt(5, ranked, GOOD - NO_MATCH))),
  };
}

interface Beaten {
  readonly name: string;
  readonly ours: Scores | undefined;
  readonly other: Scores;
  readonly best: Scores;
}

function notBeaten({ name, ours, other, best }: Beaten): readonly string[] {
  return (['ndcg10', 'p5'] as const).flatMap((measure) => {
    const target = other[measure] + CLEARLY * (best[measure] - other[measure]);
    const own = ours?.[measure] ?? 0;
    return own >= target
      ? []
      : [`${measure}.ours is ${own.toFixed(3)}, ${measure}.${name} ${other[measure].toFixed(3)}: the target is ${target.toFixed(3)}`];
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

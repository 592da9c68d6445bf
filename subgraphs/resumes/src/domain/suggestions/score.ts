import type { Comparison, Dimension } from './assessment.js';
import type { RequirementKind } from './requirement.js';

/** What each part counts where a job asks for all of them; where it does not, the others share the rest. */
const WEIGHTS: Readonly<Record<Dimension, number>> = { skills: 50, experience: 20, education: 12, seniority: 10, languages: 8 };
/** What is preferred counts a third of what is required. */
const PREFERRED = 1 / 3;
/** What the title names is what the job is about. */
const IN_TITLE = 3;

/** What a job names again and again weighs more each time, by less each time: 1, 1.7, 2.1, 2.4, 2.6. */
export const importanceWeight = ({ requirement: { importance, inTitle, evidence } }: Comparison): number =>
  (importance === 'required' ? 1 : PREFERRED) * (inTitle ? IN_TITLE : 1) * (1 + Math.log(evidence.length));
/** Nobody gets more than the required skills come to, whatever else fits; who has few of them gets this at most. */
const WITHOUT_SKILLS = 20;

const DIMENSIONS: Readonly<Record<RequirementKind, Dimension>> = {
  skill: 'skills',
  years: 'experience',
  degree: 'education',
  seniority: 'seniority',
  language: 'languages',
};
export const dimensionOf = ({ requirement }: Comparison): Dimension => DIMENSIONS[requirement.asked.kind];

export interface ScoredPart {
  readonly dimension: Dimension;
  readonly comparisons: readonly Comparison[];
  /** 0 to 100. */
  readonly score: number;
  /** Of all, in percent. */
  readonly weight: number;
}

export interface Scored {
  /** 0 to 100. */
  readonly score: number;
  /** What the required skills allow at most, where that is less than the parts come to. */
  readonly cap: number | null;
  /** Those parts that the job asks something of, the heaviest first. */
  readonly parts: readonly ScoredPart[];
}

/** The score of comparisons, at least one: their shares by part, the parts by weight, and no more than the required skills allow. */
export function scored(comparisons: readonly Comparison[]): Scored {
  const byDimension = Map.groupBy(comparisons, dimensionOf);
  const all = [...byDimension.keys()].reduce((sum, dimension) => sum + WEIGHTS[dimension], 0);
  const parts = [...byDimension]
    .map(([dimension, own]) => ({ dimension, comparisons: own, score: 100 * shareOf(own), weight: (100 * WEIGHTS[dimension]) / all }))
    .toSorted((a, b) => b.weight - a.weight);
  const sum = parts.reduce((total, { score, weight }) => total + (score * weight) / 100, 0);
  const skills = (byDimension.get('skills') ?? []).filter(({ requirement }) => requirement.importance === 'required');
  const cap = skills.length === 0 ? 100 : Math.max(WITHOUT_SKILLS, 100 * shareOf(skills));
  return { score: Math.min(sum, cap), cap: cap < sum ? cap : null, parts };
}

function shareOf(comparisons: readonly Comparison[]): number {
  let [got, possible] = [0, 0];
  for (const comparison of comparisons) {
    const weight = importanceWeight(comparison);
    got += weight * comparison.share;
    possible += weight;
  }
  return possible === 0 ? 0 : got / possible;
}

import { assertNever } from '@loomgraph/core';
import type { Advice, Assessment, Comparison, Match, Missing } from './assessment.js';
import { importanceWeight, scored, type Scored } from './score.js';
import type { Wording } from './wording.js';

/** The score that comparisons come to, at least one, and what it says of each of them. */
export function assessmentOf(comparisons: readonly Comparison[], words: Wording): Assessment {
  const result = scored(comparisons);
  const label = ({ requirement }: Comparison) => ({ ...requirement, label: words.label(requirement.asked) });
  const matched = comparisons.flatMap((one): Match[] => (one.foundIn ? [{ ...label(one), share: one.share, foundIn: one.foundIn }] : []));
  const missing = comparisons.filter(({ foundIn }) => !foundIn).map((one): Missing => label(one));
  // What would lift the score most comes first.
  const advice = comparisons.toSorted((a, b) => gainOf(b, result) - gainOf(a, result)).flatMap((one) => adviceOn(one, words));
  return { ...inWords(result, words), matched, missing, advice };
}

function inWords({ score, cap, parts }: Scored, words: Wording): Pick<Assessment, 'score' | 'explanation' | 'subScores'> {
  const rounded = parts.map(({ dimension, score: own, weight }) => ({ dimension, score: Math.round(own), weight: Math.round(weight) }));
  return {
    score: Math.round(score),
    explanation: words.total(rounded, cap === null ? null : Math.round(cap)),
    subScores: rounded.map((part, index) => ({
      ...part,
      explanation: words.part(part.dimension, countsOf(parts[index]?.comparisons ?? [])),
    })),
  };
}

function countsOf(comparisons: readonly Comparison[]) {
  const of = (importance: string) => comparisons.filter(({ requirement }) => requirement.importance === importance);
  const met = (some: readonly Comparison[]): number => some.filter(({ share }) => share === 1).length;
  const [required, preferred] = [of('required'), of('preferred')];
  return { required: required.length, requiredMet: met(required), preferred: preferred.length, preferredMet: met(preferred) };
}

function gainOf(comparison: Comparison, { parts }: Scored): number {
  const part = parts.find(({ comparisons }) => comparisons.includes(comparison));
  return ((1 - comparison.share) * importanceWeight(comparison) * (part?.weight ?? 0)) / (part?.comparisons.length ?? 1);
}

function adviceOn({ requirement, share, foundIn, remark }: Comparison, words: Wording): readonly Advice[] {
  if (share === 1) return [];
  const { asked, importance, evidence } = requirement;
  const what = words.label(asked);
  switch (remark) {
    case 'listed-only':
      return foundIn ? [{ kind: 'show', text: words.show(what), evidence: foundIn }] : [];
    case 'less':
      return [{ kind: 'raise', text: words.raise(what), evidence: foundIn ? [...evidence, ...foundIn] : evidence }];
    case 'implied':
      return foundIn ? [{ kind: 'add', text: words.nameIt(what, foundIn[0].quote), evidence: [...evidence, ...foundIn] }] : [];
    case 'unnamed':
      return foundIn ? [{ kind: 'show', text: words.name(what), evidence: [...evidence, ...foundIn] }] : [];
    case 'written-in':
      return [{ kind: 'raise', text: words.level(what), evidence }];
    case 'undated':
      return [{ kind: 'date', text: words.date(what), evidence }];
    case null: {
      const text = asked.kind === 'skill' ? words.addSkill(what, importance === 'required') : words.add(what);
      return [{ kind: 'add', text, evidence }];
    }
    default:
      return assertNever(remark);
  }
}

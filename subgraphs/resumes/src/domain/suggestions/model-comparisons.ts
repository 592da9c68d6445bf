import type { Skill, WordCutter } from '../understanding/skills.js';
import { found, linesOf, type Span } from '../understanding/text.js';
import { compared, type Comparison } from './assessment.js';
import { compareResume, isShown, type UnderstoodResume } from './compare.js';
import { evidenceIn, type Source } from './evidence.js';
import { createQuoteFinder, type QuoteFinder } from './find-quote.js';
import type { ModelRequirement, Refusal } from './model-answer.js';
import { isUnknown, skillsNamed } from './named-skills.js';
import { MAX_REQUIREMENTS, type AskedOf, type Requirement } from './requirement.js';
import { isInAddress } from './speaks-to-reader.js';
import { spanAt } from './span-at.js';

/** What a skill counts that a place of the resume shows by what it says, without its name. */
const UNNAMED = 0.5;
/** A line that is said to show more than so many things shows none of them. */
const MAX_UNNAMED_BY_LINE = 2;

type SkillRequirement = Requirement<AskedOf<'skill'>>;

export interface ModelComparisons {
  /** Empty where nothing is asked for. */
  readonly comparisons: readonly Comparison[];
  /** How many requirements of the model stand. */
  readonly kept: number;
}

/**
 * What a resume says of each thing that a job asks for, where a model read both beside the rules. What it says is believed as far as the texts bear
 * it out, and it decides no number:
 *
 * - What the rules read the job asks for is asked for, whatever the model says. It can add what the job names in the words it quotes.
 * - What the resume names counts as it does without the model. Where it names a thing nowhere, a place that the model quotes counts half, if it is
 *   in a position, a project or the like, does not speak to its reader, and is not said to show this and that as well.
 */
export function modelComparisons(
  { resume, job }: { readonly resume: UnderstoodResume; readonly job: Source<'job'> },
  { rules, model }: { readonly rules: readonly Requirement[]; readonly model: readonly ModelRequirement[] },
  { cut, refuse }: { readonly cut: WordCutter; readonly refuse: (why: Refusal) => void },
): ModelComparisons {
  const [inJob, inResume] = [createQuoteFinder(job.text), createQuoteFinder(resume.text)];
  const requirements: Requirement[] = [...rules];
  const quotes = new Map<Requirement, string[]>();
  const names = new Map<string, Skill>();
  let kept = 0;
  for (const said of model) {
    const asked = askedBy(said, { job, inJob, cut });
    if (typeof asked === 'string') {
      refuse(asked);
      continue;
    }
    kept += 1;
    for (const skill of asked.asked.anyOf) names.set(skill.name, skill);
    const known = requirements.find((one) => isSameSkill(one, asked));
    if (!known) requirements.push(asked);
    quotes.set(known ?? asked, [...(quotes.get(known ?? asked) ?? []), ...said.resumeQuotes]);
  }
  const compare = compareResume(withNames(resume, [...names.values()], inResume), ordered(requirements, job));
  const unnamed = unnamedPlaces(compare, quotes, { resume, inResume, refuse });
  const comparisons = compare.map((one) => {
    const spans = unnamed.get(one.requirement) ?? [];
    return spans.length > 0 ? compared(one.requirement, UNNAMED, { resume, spans, remark: 'unnamed' }) : one;
  });
  return { comparisons, kept };
}

/** The requirement, or why it is none. */
function askedBy(
  { names, importance, jobQuote }: ModelRequirement,
  { job, inJob, cut }: { readonly job: Source<'job'>; readonly inJob: QuoteFinder; readonly cut: WordCutter },
): SkillRequirement | Refusal {
  const span = inJob.first(jobQuote);
  if (!span) return 'job-quote';
  if (isInAddress(job.text, span)) return 'address';
  const anyOf = skillsNamed(job.text.slice(span.start, span.end), names, cut);
  if (anyOf.length === 0) return 'unnamed';
  return { asked: { kind: 'skill', anyOf }, importance, inTitle: false, evidence: evidenceIn(job, [span]) };
}

const isSameSkill = ({ asked }: Requirement, other: SkillRequirement): boolean =>
  asked.kind === 'skill' && asked.anyOf.some(({ name }) => other.asked.anyOf.some((one) => one.name === name));

/** Required things first, then in the order of the text. */
function ordered(requirements: readonly Requirement[], job: Source<'job'>): readonly Requirement[] {
  const place = ({ importance, evidence }: Requirement): number => (importance === 'required' ? 0 : job.text.length) + evidence[0].start;
  return requirements.toSorted((a, b) => place(a) - place(b)).slice(0, MAX_REQUIREMENTS);
}

/** Skills that the gazetteer does not know are found where the resume has their names; those it knows, it has looked for. */
function withNames(resume: UnderstoodResume, skills: readonly Skill[], inResume: QuoteFinder): UnderstoodResume {
  const more = skills
    .filter(isUnknown)
    .map((skill) => found(skill, 1, ...inResume.all(skill.name)))
    .filter(({ spans }) => spans.length > 0);
  return { ...resume, analysis: { ...resume.analysis, skills: [...resume.analysis.skills, ...more] } };
}

/** Of requirements that nothing in the resume names, the places where the model says it shows them. */
function unnamedPlaces(
  comparisons: readonly Comparison[],
  quotes: ReadonlyMap<Requirement, readonly string[]>,
  {
    resume,
    inResume,
    refuse,
  }: { readonly resume: UnderstoodResume; readonly inResume: QuoteFinder; readonly refuse: (why: Refusal) => void },
): ReadonlyMap<Requirement, readonly Span[]> {
  const lines = linesOf(resume.text);
  const claims: { readonly requirement: Requirement; readonly span: Span; readonly line: Span | undefined }[] = [];
  for (const { requirement, foundIn } of comparisons) {
    for (const quote of quotes.get(requirement) ?? []) {
      const span = inResume.first(quote);
      if (!span) refuse('resume-quote');
      else if (isInAddress(resume.text, span)) refuse('address');
      else if (!foundIn && isShown(resume, span)) claims.push({ requirement, span, line: spanAt(lines, span.start) });
    }
  }
  const byLine = Map.groupBy(claims, ({ line }) => line);
  const places = new Map<Requirement, Span[]>();
  for (const claimed of byLine.values()) {
    if (new Set(claimed.map(({ requirement }) => requirement)).size > MAX_UNNAMED_BY_LINE) {
      for (const _claim of claimed) refuse('overused');
      continue;
    }
    for (const { requirement, span } of claimed) places.set(requirement, [...(places.get(requirement) ?? []), span]);
  }
  return places;
}

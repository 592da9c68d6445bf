import { assertNever } from '@loomgraph/core';
import { impliedBy } from '../understanding/implied-skills.js';
import { rankHeld, type Analysis } from '../understanding/analyse.js';
import { degrees } from '../understanding/education.js';
import type { SectionKind } from '../understanding/sections.js';
import type { Found, Span } from '../understanding/text.js';
import { seniorities } from '../understanding/titles.js';
import { compared, type Comparison } from './assessment.js';
import type { Source } from './evidence.js';
import { placesOf, UNKNOWN_GROUP } from './listed-terms.js';
import type { AskedOf, Requirement } from './requirement.js';
import { spanAt } from './span-at.js';

/** Where a skill is shown, and not only claimed. */
const SHOWING: ReadonlySet<SectionKind> = new Set(['work', 'projects', 'publications', 'volunteer']);
/** What a skill counts that is only listed, of one that a position or a project shows. */
const LISTED_ONLY = 0.8;
/** What a skill counts of which only a part, a tool or a method is named. */
const IMPLIED = 0.6;
/** One degree or rank below what is asked for. */
const ONE_BELOW = 0.5;
/** A position in a language shows that somebody writes it, not how well they speak it. */
const WRITTEN_IN = 0.8;

export interface UnderstoodResume extends Source<'resume'> {
  readonly analysis: Analysis;
}

/** What a resume says of each thing that a job asks for, in their order; each has the very requirement it is of. */
export function compareResume(resume: UnderstoodResume, requirements: readonly Requirement[]): readonly Comparison[] {
  const shown = shownIn(resume);
  return requirements.map((requirement) => ({ ...compareOne(resume, requirement, shown), requirement }));
}

/** Whether a place shows what somebody did, and not only what they say of themselves. */
export const isShown = (resume: UnderstoodResume, { start }: Span): boolean => spanAt(shownIn(resume), start) !== undefined;

const shownIn = ({ analysis }: UnderstoodResume): readonly Span[] =>
  analysis.sections.filter(({ kind }) => SHOWING.has(kind)).toSorted((a, b) => a.start - b.start);

function compareOne(resume: UnderstoodResume, requirement: Requirement, shown: readonly Span[]): Comparison {
  const { asked } = requirement;
  const { analysis } = resume;
  const nothing = compared(requirement, 0, { resume, spans: [] });
  switch (asked.kind) {
    case 'skill':
      return skill(resume, { ...requirement, asked }, shown);
    case 'years': {
      if (!analysis.years) return { ...nothing, remark: analysis.work.length > 0 ? 'less' : 'undated' };
      const share = analysis.years.value / asked.years;
      return compared(requirement, share, { resume, spans: analysis.years.spans, remark: share < 1 ? 'less' : null });
    }
    case 'degree': {
      const held = analysis.education.flatMap(({ degree }) => (degree ? [degree] : []));
      return ranked(resume, requirement, { held: best(held, degrees), wanted: asked.degree, ladder: degrees });
    }
    case 'seniority':
      return ranked(resume, requirement, {
        held: rankHeld(analysis.work, analysis.years),
        wanted: asked.rank,
        ladder: seniorities,
      });
    case 'language':
      return language(resume, { ...requirement, asked });
    default:
      return assertNever(asked);
  }
}

function skill(resume: UnderstoodResume, requirement: Requirement<AskedOf<'skill'>>, shown: readonly Span[]): Comparison {
  const names = new Set(requirement.asked.anyOf.map(({ name }) => name));
  const known = resume.analysis.skills.filter(({ value }) => names.has(value.name));
  const unknown = requirement.asked.anyOf.filter(
    ({ name, group }) => group === UNKNOWN_GROUP && !known.some(({ value }) => value.name === name),
  );
  const spans = [...known.flatMap((found) => found.spans), ...unknown.flatMap(({ name }) => placesOf(name, resume.text))];
  const [showing, listing] = [spans.filter(({ start }) => spanAt(shown, start)), spans.filter(({ start }) => !spanAt(shown, start))];
  if (showing.length > 0) return compared(requirement, 1, { resume, spans: [...showing, ...listing] });
  if (listing.length > 0) return compared(requirement, LISTED_ONLY, { resume, spans, remark: 'listed-only' });
  const parts = resume.analysis.skills.filter(({ value }) => [...names].some((name) => impliedBy.get(name)?.has(value.name)));
  return compared(requirement, parts.length > 0 ? IMPLIED : 0, {
    resume,
    spans: parts.flatMap((found) => found.spans),
    remark: parts.length > 0 ? 'implied' : null,
  });
}

function ranked<T extends string>(
  resume: UnderstoodResume,
  requirement: Requirement,
  { held, wanted, ladder }: { readonly held: Found<T> | null; readonly wanted: T; readonly ladder: readonly T[] },
): Comparison {
  const below = held ? ladder.indexOf(wanted) - ladder.indexOf(held.value) : Infinity;
  const share = below <= 0 ? 1 : below === 1 ? ONE_BELOW : 0;
  return compared(requirement, share, { resume, spans: held?.spans ?? [], remark: held && share < 1 ? 'less' : null });
}

function best<T extends string>(held: readonly Found<T>[], ladder: readonly T[]): Found<T> | null {
  return held.toSorted((a, b) => ladder.indexOf(b.value) - ladder.indexOf(a.value))[0] ?? null;
}

function language(resume: UnderstoodResume, requirement: Requirement<AskedOf<'language'>>): Comparison {
  const { asked } = requirement;
  const spoken = resume.analysis.languages.find(({ value }) => value.language === asked.language);
  if (spoken) {
    const [has, needs] = [fluencyRank(spoken.value.fluency), fluencyRank(asked.fluency)];
    const isLess = has !== undefined && needs !== undefined && has < needs;
    return compared(requirement, isLess ? ONE_BELOW : 1, { resume, spans: spoken.spans, remark: isLess ? 'less' : null });
  }
  const spans = writtenIn(resume.analysis, asked.language);
  return compared(requirement, spans.length > 0 ? WRITTEN_IN : 0, { resume, spans, remark: spans.length > 0 ? 'written-in' : null });
}

/**
 * Positions that are written in a language: all of them in English, one in Chinese. Not the text as a whole: whatever is put into that would turn
 * the scale.
 */
function writtenIn({ work }: Analysis, language: string): readonly Span[] {
  const positions = work.flatMap(({ position }) => (position ? [position] : []));
  const chinese = positions.filter(({ value }) => /\p{Script=Han}/u.test(value));
  if (language === 'zh') return chinese.flatMap(({ spans }) => spans);
  return language === 'en' && chinese.length === 0 ? positions.flatMap(({ spans }) => spans) : [];
}

/** Words for how well, by what they come to. */
const FLUENCIES: readonly RegExp[] = [
  /一般|基础|四级|CET-?4|elementary|basic|beginner|limited|\bA[12]\b|N[45]/iu,
  /良好|日常|六级|CET-?6|intermediate|conversational|\bB[12]\b|N3|TEM-?4/iu,
  /精通|流利|熟练|工作语言|fluent|proficien|professional|advanced|\bC[12]\b|N[12]|TEM-?8/iu,
  /母语|native|mother tongue|bilingual/iu,
];

/** Undefined where nothing is said, or as a mark that compares with nothing. */
function fluencyRank(fluency: string): number | undefined {
  const rank = FLUENCIES.findIndex((words) => words.test(fluency));
  return rank === -1 ? undefined : rank;
}

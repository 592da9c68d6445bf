import { degreesIn, degrees, type Degree } from '../understanding/education.js';
import { spokenIn } from '../understanding/spoken-languages.js';
import type { Span } from '../understanding/text.js';
import { seniorityOf } from '../understanding/titles.js';
import { evidenceIn, type Source } from './evidence.js';
import { importanceAt, type Clause } from './job-clauses.js';
import type { Asked, AskedOf, Importance, Requirement } from './requirement.js';

const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const CHINESE_NUMBERS = '一二三四五六七八九十';
const YEARS =
  /(?<![\d.])(\d{1,2}|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten)|十[一二三四五六七八九]|(?<!十)[一二两三四五六七八九十])\s*(?:\+|plus\b|or more\b)?\s*(?:(?:-|–|—|~|to\b|至|到)\s*[\d一二两三四五六七八九十]{1,2})?\s*\+?\s*(?:years?\b|yrs?\b|年)/giu;
const OF_WORK = /experience|background|working|professional|industry|经验|经历|工作|从业|开发/iu;
/** Of a company, not of who is looked for. */
const OF_A_COMPANY = /founded|established|history|成立|创立|历史|history of/iu;
const MAX_YEARS = 40;

/** The most years of work that are asked for, required and preferred. */
export function yearsAsked(job: Source<'job'>, clauses: readonly Clause[]): readonly Requirement<AskedOf<'years'>>[] {
  const most = new Map<Importance, { readonly years: number; readonly span: Span }>();
  for (const clause of clauses) {
    if (!OF_WORK.test(clause.text) || OF_A_COMPANY.test(clause.text)) continue;
    for (const hit of clause.text.matchAll(YEARS)) {
      const years = numberOf(hit[1] ?? '');
      const start = clause.start + hit.index;
      const importance = importanceAt(clause, start);
      if (years < 1 || years > MAX_YEARS || years <= (most.get(importance)?.years ?? 0)) continue;
      most.set(importance, { years, span: { start, end: start + hit[0].length } });
    }
  }
  const least = most.get('required')?.years ?? 0;
  return [...most]
    .filter(([importance, { years }]) => importance === 'required' || years > least)
    .map(([importance, { years, span }]) => asking(job, { kind: 'years', years }, importance, [span]));
}

/** Without one of these beside it, `Master` or `MS` is no degree. */
const OF_EDUCATION =
  /degree|diploma|graduate|bachelor|masters? (?:of|in)\b|master['’]?s|ph\.?\s?d|\b[bm]\.?\s?(?:sc|eng)\b|\b[bm]\.?s\b|university|学历|学位|专业|毕业|本科|学士|硕士|研究生|博士|大专|专科/iu;
const EQUIVALENT = /equivalent|同等/iu;

/** The lowest degree that is enough, and what is preferred above it. */
export function degreesAsked(job: Source<'job'>, clauses: readonly Clause[]): readonly Requirement<AskedOf<'degree'>>[] {
  const lowest = new Map<Importance, { readonly degree: Degree; readonly span: Span }>();
  for (const clause of clauses) {
    if (!OF_EDUCATION.test(clause.text)) continue;
    for (const { value: degree, spans } of degreesIn(clause)) {
      const [span] = spans;
      if (!span || !isDegree(clause, span)) continue;
      // Who may have learnt it elsewhere is not out without the degree.
      const importance = EQUIVALENT.test(clause.text) ? 'preferred' : importanceAt(clause, span.start);
      const kept = lowest.get(importance);
      if (!kept || degrees.indexOf(degree) < degrees.indexOf(kept.degree)) lowest.set(importance, { degree, span });
    }
  }
  const least = degrees.indexOf(lowest.get('required')?.degree ?? 'high-school');
  return [...lowest]
    .filter(([importance, { degree }]) => importance === 'required' || degrees.indexOf(degree) > least)
    .map(([importance, { degree, span }]) => asking(job, { kind: 'degree', degree }, importance, [span]));
}

/** `MS Office` and `Scrum Master` are none. */
function isDegree({ text, start }: Clause, span: Span): boolean {
  const [before, own, after] = [
    text.slice(0, span.start - start),
    text.slice(span.start - start, span.end - start),
    text.slice(span.end - start),
  ];
  if (/^(?:BA|BS|MA|MS)$/.test(own)) return /^(?:\s*(?:degree|in|or|and|,|$)|\/)/iu.test(after) || before.endsWith('/');
  return own !== 'Master' || !/\bscrum\s*$/iu.test(before);
}

const OF_SPEECH =
  /command|written|spoken|verbal|speak|communicat|skills|language|reading|read |write|能力|沟通|读写|听说|口语|阅读|书写|作为/iu;

/** Languages to be spoken, each as the first clause that asks for it does. */
export function languagesAsked(job: Source<'job'>, clauses: readonly Clause[]): readonly Requirement<AskedOf<'language'>>[] {
  const all = new Map<string, Requirement<AskedOf<'language'>>>();
  for (const clause of clauses) {
    for (const { value, spans } of spokenIn([clause], true)) {
      const [span] = spans;
      if (!span || all.has(value.language) || (value.fluency === '' && !OF_SPEECH.test(clause.text))) continue;
      all.set(value.language, asking(job, { kind: 'language', ...value }, importanceAt(clause, span.start), [span]));
    }
  }
  return [...all.values()];
}

/** The rank that the title names. */
export function rankAsked(job: Source<'job'>, clauses: readonly Clause[]): readonly Requirement<AskedOf<'seniority'>>[] {
  const title = clauses.find(({ part }) => part === 'title');
  const rank = title && seniorityOf(title.text);
  return rank ? [asking(job, { kind: 'seniority', rank }, 'required', [title])] : [];
}

const asking = <What extends Asked>(
  job: Source<'job'>,
  asked: What,
  importance: Importance,
  spans: readonly Span[],
): Requirement<What> => ({ asked, importance, inTitle: false, evidence: evidenceIn(job, spans) });

function numberOf(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  if (text === '两') return 2;
  if (/^十./u.test(text)) return 10 + numberOf(text.slice(1));
  return Math.max(CHINESE_NUMBERS.indexOf(text), NUMBERS.indexOf(text.toLowerCase())) + 1;
}

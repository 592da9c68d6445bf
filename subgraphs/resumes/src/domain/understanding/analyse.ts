import { contactOf, type Contact } from './contact.js';
import { educationIn, type EducationEntry } from './education.js';
import { monthsOf } from './periods.js';
import { sectionsOf, type Section, type SectionKind } from './sections.js';
import { skillsOf, type Skill, type WordCutter } from './skills.js';
import { spokenIn, type SpokenLanguage } from './spoken-languages.js';
import { found, linesOf, type Found, type Line } from './text.js';
import { seniorityByYears, seniorityOf, TITLE, type Seniority } from './titles.js';
import { workIn, type WorkEntry } from './work.js';

/** What was understood of a text. Every finding says where in the text it stands. */
export interface Analysis {
  readonly contact: Contact;
  readonly sections: readonly Section[];
  readonly work: readonly WorkEntry[];
  readonly education: readonly EducationEntry[];
  readonly skills: readonly Found<Skill>[];
  readonly languages: readonly Found<SpokenLanguage>[];
  /** Of work, in years with one decimal; null where nothing says it. */
  readonly years: Found<number> | null;
  readonly seniority: Found<Seniority> | null;
  /** Of the text itself. */
  readonly textLanguage: 'zh' | 'en' | 'mixed';
}

const YEARS_SAID =
  /(\d{1,2})\s*\+?\s*(?:years?|yrs?)(?:['’]? (?:of )?(?:\w+ ){0,3}experience)|(\d{1,2})\s*年(?:以上)?(?:的?\s*[\p{Script=Han}\w]{0,12})?(?:经验|经历)|工作(?:经验|年限)\s*[:：]?\s*(\d{1,2})\s*年/iu;
const MONTHS_A_YEAR = 12;

/** @param now what goes on ends in its month */
export function analyse(text: string, { cut, now }: { readonly cut: WordCutter; readonly now: Date }): Analysis {
  const lines = linesOf(text);
  const sections = sectionsOf(lines);
  const of = (kind: SectionKind): readonly Line[] =>
    sections.filter((section) => section.kind === kind).flatMap((section) => section.lines);
  const work = workIn(of('work'));
  const education = educationIn(of('education').length > 0 ? of('education') : lines);
  return {
    contact: contactOf(lines, sections, TITLE),
    sections,
    work,
    education,
    skills: skillsOf(sections, cut),
    languages: languagesOf(sections, of('languages')),
    years: yearsOf(lines, work, now),
    seniority: rankOf(work, lines, yearsOf(lines, work, now)),
    textLanguage: languageOf(text),
  };
}

function languagesOf(sections: readonly Section[], own: readonly Line[]): readonly Found<SpokenLanguage>[] {
  const named = spokenIn(own, true);
  const others = spokenIn(
    sections.filter(({ kind }) => kind !== 'languages' && kind !== 'work').flatMap(({ lines }) => lines),
    false,
  );
  return [...named, ...others.filter(({ value }) => !named.some((one) => one.value.language === value.language))];
}

function yearsOf(lines: readonly Line[], work: readonly WorkEntry[], now: Date): Found<number> | null {
  const periods = work.filter(({ position }) => position === null || seniorityOf(position.value) !== 'intern').map(({ period }) => period);
  const months = monthsOf(periods, now);
  if (months > 0) {
    const years = Math.round((months / MONTHS_A_YEAR) * 10) / 10;
    return found(years, 0.9, ...periods.map(({ start, end }) => ({ start, end })));
  }
  for (const line of lines) {
    const hit = YEARS_SAID.exec(line.text);
    const said = hit?.[1] ?? hit?.[2] ?? hit?.[3];
    if (hit && said !== undefined)
      return found(Number(said), 0.6, { start: line.start + hit.index, end: line.start + hit.index + hit[0].length });
  }
  return null;
}

/** By the newest position, else by what stands at the top, else by years. */
function rankOf(work: readonly WorkEntry[], lines: readonly Line[], years: Found<number> | null): Found<Seniority> | null {
  const held = rankHeld(work, null);
  if (held) return held;
  const top = lines.slice(0, 5).find(({ text }) => TITLE.test(text) && text.length <= 60 && seniorityOf(text));
  const topRank = top && seniorityOf(top.text);
  return top && topRank ? found(topRank, 0.7, { start: top.start, end: top.end }) : rankHeld([], years);
}

/** By the newest position, else by years: what somebody did, not what they call themselves. */
export function rankHeld(work: readonly WorkEntry[], years: Found<number> | null): Found<Seniority> | null {
  const newest = work.toSorted((a, b) => endOf(b) - endOf(a))[0];
  const rank = newest?.position && seniorityOf(newest.position.value);
  if (newest?.position && rank) return found(rank, 0.9, ...newest.position.spans);
  return years ? found(seniorityByYears(years.value), 0.5, ...years.spans) : null;
}

const endOf = ({ period: { to, from } }: WorkEntry): number => (to ? to.year * 12 + (to.month ?? 12) : Infinity) + from.year / 1e5;

function languageOf(text: string): Analysis['textLanguage'] {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/\p{Script=Latin}{2,}/gu)?.length ?? 0;
  if (han + words === 0) return 'en';
  const part = han / (han + words * 2);
  if (part > 0.7) return 'zh';
  return part < 0.1 ? 'en' : 'mixed';
}

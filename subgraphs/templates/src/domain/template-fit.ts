import type { Template } from './template.js';

/** A word of a resume: what it is called, and how the resume says it. */
export interface ProfileTerm {
  readonly name: string;
  readonly quote: string;
}

/** What a resume says that decides which template suits it. */
export interface ResumeProfile {
  /** BCP 47 tag. */
  readonly language: string;
  /** The rank, from `intern` to `executive`. */
  readonly seniority: ProfileTerm | null;
  readonly positions: readonly ProfileTerm[];
  readonly skills: readonly ProfileTerm[];
}

export const reasonKinds = ['position', 'skill', 'level', 'language'] as const;
export type ReasonKind = (typeof reasonKinds)[number];

export interface TemplateReason {
  readonly kind: ReasonKind;
  readonly text: string;
  /** The words of the resume; null where it is about its language. */
  readonly quote: string | null;
}

export interface TemplateFit {
  /** 0 to 100, whole. */
  readonly score: number;
  readonly isSameLanguage: boolean;
  readonly reasons: readonly TemplateReason[];
}

/** What a template is for counts most; for whom, where it says so. */
const WEIGHTS = { role: 70, level: 30 } as const;
/** A skill that a template names makes it less one's own than the position it is made for. */
const SKILL = 0.4;
const SKILLS_AT_MOST = 0.8;
const ONE_LEVEL_OFF = 0.5;
/** It would have to be translated. */
const OTHER_LANGUAGE_CAP = 40;

/** The words of templates for how far somebody is, and the ranks of resumes. */
const LEVELS: readonly RegExp[] = [
  /junior|entry|graduate|intern|trainee|student|初级|应届|实习|入门/iu,
  /\bmid|intermediate|中级/iu,
  /senior|lead|expert|manager|director|executive|高级|资深|专家|管理/iu,
];
const levelOf = (text: string): number => LEVELS.findIndex((words) => words.test(text));

/** How a template suits a resume: its position, else skills that the template names; its rank; no more than its language allows. */
export function fitOf(profile: ResumeProfile, template: Template, locale: string): TemplateFit {
  const words = texts[/^zh\b/i.test(locale) ? 'zh' : 'en'];
  const labels = [template.name, template.industry ?? '', ...template.tags].filter((label) => label !== '');
  const isNamed = ({ name }: ProfileTerm): boolean => labels.some((label) => isPartOf(name, label) || isPartOf(label, name));
  const [position] = profile.positions.filter(isNamed);
  const skills = profile.skills.filter(isNamed);
  const reasons: TemplateReason[] = [];
  if (position) reasons.push({ kind: 'position', text: words.position(position.name), quote: position.quote });
  for (const { name, quote } of skills.slice(0, 3)) reasons.push({ kind: 'skill', text: words.skill(name), quote });
  const role = position ? 1 : Math.min(SKILLS_AT_MOST, skills.length * SKILL);
  // Who is at the right level of another profession needs another template.
  const level = role === 0 ? undefined : levelShare(profile, template);
  if (level !== undefined && level > 0 && profile.seniority)
    reasons.push({ kind: 'level', text: words.level(template.experienceLevel ?? '', level === 1), quote: profile.seniority.quote });
  const weight = WEIGHTS.role + (level === undefined ? 0 : WEIGHTS.level);
  const score = (100 * (WEIGHTS.role * role + WEIGHTS.level * (level ?? 0))) / weight;
  const isSameLanguage = primary(profile.language) === primary(template.language);
  if (!isSameLanguage) reasons.push({ kind: 'language', text: words.language(template.language, profile.language), quote: null });
  return { score: Math.round(isSameLanguage ? score : Math.min(score, OTHER_LANGUAGE_CAP)), isSameLanguage, reasons };
}

/** Undefined where either does not say it. */
function levelShare({ seniority }: ResumeProfile, { experienceLevel }: Template): number | undefined {
  const [has, wants] = [seniority ? levelOf(seniority.name) : -1, experienceLevel ? levelOf(experienceLevel) : -1];
  if (has === -1 || wants === -1) return undefined;
  const off = Math.abs(has - wants);
  return off === 0 ? 1 : off === 1 ? ONE_LEVEL_OFF : 0;
}

/** Whether words stand in others: in Latin script as whole words, in Chinese anywhere, from two characters on. */
function isPartOf(part: string, whole: string): boolean {
  const [inner, outer] = [normal(part), normal(whole)];
  if (inner.length < 2) return false;
  for (let at = outer.indexOf(inner); at !== -1; at = outer.indexOf(inner, at + 1))
    if (!isInside(outer, at) && !isInside(outer, at + inner.length)) return true;
  return false;
}

const WORD = /[\p{Script=Latin}\p{N}]/u;
const isInside = (text: string, at: number): boolean => WORD.test(text[at - 1] ?? '') && WORD.test(text[at] ?? '');
const normal = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

const texts = {
  zh: {
    position: (name: string) => `模板适合的岗位与简历中的“${name}”相符。`,
    skill: (name: string) => `模板提到简历中的“${name}”。`,
    level: (level: string, isSame: boolean) =>
      isSame ? `模板面向的经验水平（${level}）与简历相符。` : `模板面向的经验水平（${level}）与简历相近。`,
    language: (of: string, own: string) => `模板语言是 ${of}，简历语言是 ${own}：匹配分不超过 ${OTHER_LANGUAGE_CAP} 分。`,
  },
  en: {
    position: (name: string) => `The template is made for “${name}”, a position of the resume.`,
    skill: (name: string) => `The template names “${name}”, which the resume has.`,
    level: (level: string, isSame: boolean) =>
      `The template is for the level “${level}”, ${isSame ? 'that of the resume' : 'next to that of the resume'}.`,
    language: (of: string, own: string) => `The template is in ${of}, the resume in ${own}: the score is at most ${OTHER_LANGUAGE_CAP}.`,
  },
} as const;

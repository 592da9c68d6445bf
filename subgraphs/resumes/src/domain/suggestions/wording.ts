import { assertNever } from '@loomgraph/core';
import type { Dimension } from './assessment.js';
import type { Asked } from './requirement.js';

export type Language = 'zh' | 'en';

/** What advice is worded in for a BCP 47 tag: Chinese for Chinese, else English. */
export const wordedIn = (locale: string): Language => (/^zh\b/i.test(locale) ? 'zh' : 'en');

/** Counts of a part of the score. */
export interface PartCounts {
  readonly required: number;
  readonly requiredMet: number;
  readonly preferred: number;
  readonly preferredMet: number;
}

/** All that is said to people about a resume and a job. `what` is a label. */
export interface Wording {
  label(asked: Asked): string;
  part(dimension: Dimension, counts: PartCounts): string;
  total(parts: readonly { readonly dimension: Dimension; readonly score: number; readonly weight: number }[], cap: number | null): string;
  addSkill(what: string, isRequired: boolean): string;
  add(what: string): string;
  /** `shown` is what the resume has of it, in its own words. */
  nameIt(what: string, shown: string): string;
  show(what: string): string;
  name(what: string): string;
  raise(what: string): string;
  level(what: string): string;
  date(what: string): string;
}

const DEGREES = {
  zh: { 'high-school': '高中', associate: '大专', bachelor: '本科', master: '硕士', doctor: '博士' },
  en: {
    'high-school': 'high school',
    associate: 'an associate degree',
    bachelor: "a bachelor's degree",
    master: "a master's degree",
    doctor: 'a doctorate',
  },
} as const;
const RANKS = {
  zh: {
    intern: '实习',
    junior: '初级',
    mid: '中级',
    senior: '高级',
    lead: '架构或组长',
    manager: '经理',
    director: '总监',
    executive: '高管',
  },
  en: {
    intern: 'intern',
    junior: 'junior',
    mid: 'mid-level',
    senior: 'senior',
    lead: 'lead',
    manager: 'manager',
    director: 'director',
    executive: 'executive',
  },
} as const;
const PARTS = {
  zh: { skills: '技能', experience: '工作年限', seniority: '职级', education: '学历', languages: '语言' },
  en: { skills: 'Skills', experience: 'Experience', seniority: 'Rank', education: 'Education', languages: 'Languages' },
} as const;

const labelled = (language: Language, asked: Asked): string => {
  const isChinese = language === 'zh';
  switch (asked.kind) {
    case 'skill':
      return (
        asked.anyOf.map(({ name }) => name).join(isChinese ? '、' : ', ') +
        (asked.anyOf.length > 1 ? (isChinese ? '之一' : ' (one of them)') : '')
      );
    case 'years':
      return isChinese ? `${asked.years} 年工作经验` : `${asked.years} ${asked.years === 1 ? 'year' : 'years'} of work`;
    case 'degree':
      return isChinese ? `${DEGREES.zh[asked.degree]}及以上学历` : `${DEGREES.en[asked.degree]} or higher`;
    case 'seniority':
      return isChinese ? `${RANKS.zh[asked.rank]}职级` : `the rank ${RANKS.en[asked.rank]}`;
    case 'language': {
      const name = new Intl.DisplayNames([language], { type: 'language' }).of(asked.language) ?? asked.language;
      if (asked.fluency === '') return name;
      return isChinese ? `${name}（${asked.fluency}）` : `${name} (${asked.fluency})`;
    }
    default:
      return assertNever(asked);
  }
};

const zh: Wording = {
  label: (asked) => labelled('zh', asked),
  part: (dimension, { required, requiredMet, preferred, preferredMet }) =>
    `${PARTS.zh[dimension]}：必备项满足 ${requiredMet}/${required}，加分项满足 ${preferredMet}/${preferred}。`,
  total: (parts, cap) =>
    `${parts.map(({ dimension, score, weight }) => `${PARTS.zh[dimension]} ${score} 分（权重 ${weight}%）`).join('，')}。${
      cap === null ? '' : `必备技能未全部体现，总分不超过 ${cap} 分。`
    }`,
  addSkill: (what, isRequired) =>
    `职位${isRequired ? '要求' : '优先考虑'}${what}，简历中没有提到。如果您用过，请写明在哪段经历里用它做了什么。`,
  add: (what) => `职位要求${what}，简历中没有写到。如果具备，请写明。`,
  nameIt: (what, shown) => `职位要求${what}，简历写了与之相关的${shown}，但没有写${what}本身。如果具备，请写明。`,
  show: (what) => `${what}只在技能列表中出现，没有一段工作或项目经历提到它。请在相应经历里写明用它做了什么。`,
  name: (what) => `简历中的一段经历看来与${what}有关，但没有写出它。如果您确实用过，请在那里写明。`,
  raise: (what) => `职位要求${what}，简历所写的未达到。如有遗漏的经历，请补充。`,
  level: (what) => `职位要求${what}，简历没有说明您的水平。请写明水平或证书。`,
  date: (what) => `职位要求${what}，但简历中的经历没有可读的起止时间。请为每段工作写明起止年月。`,
};

const en: Wording = {
  label: (asked) => labelled('en', asked),
  part: (dimension, { required, requiredMet, preferred, preferredMet }) =>
    `${PARTS.en[dimension]}: ${requiredMet} of ${required} required and ${preferredMet} of ${preferred} preferred.`,
  total: (parts, cap) =>
    `${parts.map(({ dimension, score, weight }) => `${PARTS.en[dimension]} ${score} (weight ${weight}%)`).join(', ')}.${
      cap === null ? '' : ` Not all required skills are shown: the score is at most ${cap}.`
    }`,
  addSkill: (what, isRequired) =>
    `The job ${isRequired ? 'requires' : 'prefers'} ${what}, which the resume does not name. If you have worked with it, say where and what for.`,
  add: (what) => `The job asks for ${what}, of which the resume says nothing. If you have it, write it down.`,
  nameIt: (what, shown) =>
    `The job asks for ${what}; the resume has ${shown}, which goes with it, but not the thing itself. If you have it, name it.`,
  show: (what) => `${what} stands in a list only: no position and no project shows it. Say there what you used it for.`,
  name: (what) => `A position or a project in the resume seems to show ${what} and does not name it. If you worked with it there, say so.`,
  raise: (what) => `The job asks for ${what}; the resume shows less. Add what is missing, if there is more.`,
  level: (what) => `The job asks for ${what}; the resume does not say how well you speak it. State your level or a certificate.`,
  date: (what) => `The job asks for ${what}, but no position in the resume has dates that can be read. Write down from when until when.`,
};

export const wordings: Readonly<Record<Language, Wording>> = { zh, en };

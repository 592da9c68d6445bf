import type { Line, Span } from './text.js';

export const sectionKinds = [
  'header',
  'contact',
  'summary',
  'work',
  'projects',
  'education',
  'skills',
  'languages',
  'certificates',
  'awards',
  'publications',
  'volunteer',
  'interests',
  'references',
] as const;
export type SectionKind = (typeof sectionKinds)[number];

export interface Section extends Span {
  readonly kind: SectionKind;
  /** As it is written; null for what comes before the first heading. */
  readonly heading: string | null;
  /** Without the heading. */
  readonly lines: readonly Line[];
}

/** Headings in lower case without blanks and punctuation. */
const headings: Readonly<Record<Exclude<SectionKind, 'header'>, readonly string[]>> = {
  contact: [
    'contact',
    'contacts',
    'contactme',
    'contactinformation',
    'contactinfo',
    'contactdetails',
    'personalinformation',
    'personaldetails',
    'personalinfo',
    '联系方式',
    '个人信息',
    '基本信息',
    '联系信息',
    '基本资料',
    '个人资料',
  ],
  summary: [
    'summary',
    'profile',
    'aboutme',
    'about',
    'objective',
    'careerobjective',
    'professionalsummary',
    'careersummary',
    'executivesummary',
    'personalstatement',
    'overview',
    '个人简介',
    '自我评价',
    '个人评价',
    '个人总结',
    '个人概述',
    '自我介绍',
    '个人优势',
    '求职意向',
    '职业目标',
    '职业概述',
    '简介',
    '概述',
    '求职目标',
  ],
  work: [
    'experience',
    'workexperience',
    'employment',
    'employmenthistory',
    'workhistory',
    'professionalexperience',
    'relevantexperience',
    'careerhistory',
    'internships',
    'internshipexperience',
    'internship',
    '工作经历',
    '工作经验',
    '职业经历',
    '从业经历',
    '任职经历',
    '实习经历',
    '工作履历',
    '实习经验',
    '职业生涯',
  ],
  projects: [
    'projects',
    'projectexperience',
    'selectedprojects',
    'personalprojects',
    'keyprojects',
    'sideprojects',
    '项目经历',
    '项目经验',
    '项目',
    '主要项目',
    '代表项目',
    '开源项目',
  ],
  education: [
    'education',
    'educationbackground',
    'academicbackground',
    'educationandtraining',
    'educationaltraining',
    'qualifications',
    '教育背景',
    '教育经历',
    '学历',
    '教育',
    '学习经历',
    '教育培训',
  ],
  skills: [
    'skills',
    'technicalskills',
    'coreskills',
    'keyskills',
    'skillset',
    'skillssummary',
    'corecompetencies',
    'competencies',
    'technologies',
    'techstack',
    'technicalproficiencies',
    'expertise',
    'toolsandtechnologies',
    'skillsandtools',
    '专业技能',
    '技能',
    '技能特长',
    '技术栈',
    '掌握技能',
    '职业技能',
    '核心技能',
    '个人技能',
    '技能清单',
    '技术能力',
    '专业能力',
    '技能证书',
  ],
  languages: ['languages', 'languageskills', '语言能力', '语言', '外语水平', '外语能力', '语言水平', '语言技能'],
  certificates: [
    'certifications',
    'certificates',
    'licenses',
    'certificationsandlicenses',
    'licensesandcertifications',
    '证书',
    '资格证书',
    '职业证书',
    '认证',
    '专业认证',
    '所获证书',
  ],
  awards: [
    'awards',
    'honors',
    'honours',
    'awardsandhonors',
    'honorsandawards',
    'achievements',
    '荣誉奖项',
    '获奖情况',
    '获奖经历',
    '荣誉',
    '奖项',
    '所获荣誉',
    '荣誉证书',
  ],
  publications: ['publications', 'papers', 'selectedpublications', '论文', '发表论文', '学术成果', '出版物', '专利'],
  volunteer: [
    'volunteer',
    'volunteering',
    'volunteerexperience',
    'communityservice',
    '志愿经历',
    '志愿者经历',
    '社会实践',
    '校园经历',
    '社团经历',
  ],
  interests: ['interests', 'hobbies', 'hobbiesandinterests', '兴趣爱好', '爱好', '兴趣'],
  references: ['references', 'referees', '推荐人', '证明人'],
};
const kindOf = new Map(Object.entries(headings).flatMap(([kind, names]) => names.map((name) => [name, kind as SectionKind] as const)));

/** Headings are short: what is longer is a sentence that has such a word. */
const LONGEST_HEADING = 40;

/** The section that a line begins, when it is a heading. */
export function headingOf(line: string): SectionKind | undefined {
  const bare = bareHeading(line);
  if (bare === undefined) return undefined;
  const known = kindOf.get(bare);
  if (known) return known;
  // A heading in both languages: 工作经历 Work Experience.
  const [, chinese, latin] = /^(\p{Script=Han}+)([a-z]+)$/u.exec(bare) ?? /^([a-z]+)(\p{Script=Han}+)$/u.exec(bare) ?? [];
  return (chinese && latin && (kindOf.get(chinese) ?? kindOf.get(latin))) || undefined;
}

/** A line as headings are compared: lower case without blanks, numbers and punctuation; undefined where it is too long to be one. */
export function bareHeading(line: string): string | undefined {
  if (line.length > LONGEST_HEADING) return undefined;
  return (
    line
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('&', 'and')
      // Numbers before it: "2. ", "一、", "Part 3".
      .replace(/^(?:\d+|[一二三四五六七八九十]+)\s*[.、:：)）]\s*/u, '')
      .replace(/[^\p{L}]/gu, '')
  );
}

/** The text cut at its headings. */
export function sectionsOf(lines: readonly Line[]): readonly Section[] {
  const sections: { kind: SectionKind; heading: Line | null; lines: Line[] }[] = [{ kind: 'header', heading: null, lines: [] }];
  for (const line of lines) {
    const kind = headingOf(line.text);
    if (kind) sections.push({ kind, heading: line, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections
    .filter(({ heading, lines: own }) => heading !== null || own.length > 0)
    .map(({ kind, heading, lines: own }) => {
      const all = heading ? [heading, ...own] : own;
      return { kind, heading: heading?.text ?? null, lines: own, start: all[0]?.start ?? 0, end: all.at(-1)?.end ?? 0 };
    });
}

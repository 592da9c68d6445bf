import { docxFile } from './docx-file.js';
import { column, pdfFile, type Placed } from './pdf-file.js';
import type { ResumeBlock } from './resume-block.js';

export interface PlantedWork {
  readonly company: string;
  readonly position: string;
  readonly startDate: string;
  /** Null where it goes on. */
  readonly endDate: string | null;
}

/** What was written into a resume, and so must be found in it. */
export interface PlantedFacts {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly location: string;
  readonly work: readonly PlantedWork[];
  readonly institution: string;
  readonly degree: 'bachelor' | 'master' | 'doctor';
  readonly area: string;
  /** By the names that are shown. */
  readonly skills: readonly string[];
  /** ISO 639 codes. */
  readonly languages: readonly string[];
}

export interface PlantedResume {
  readonly facts: PlantedFacts;
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Buffer;
}

export const plantedLanguages = ['zh', 'en', 'mixed'] as const;
export const plantedLayouts = ['one-column', 'two-columns'] as const;
export const plantedFormats = ['pdf', 'docx'] as const;
export interface PlantedKind {
  readonly language: (typeof plantedLanguages)[number];
  readonly layout: (typeof plantedLayouts)[number];
  readonly format: (typeof plantedFormats)[number];
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PAGE = { left: 45, top: 55, width: 505, side: 165, gap: 22 };

/** A resume with known facts; the same seed and kind give the same facts. */
export async function plantResume(seed: number, { language, layout, format }: PlantedKind): Promise<PlantedResume> {
  const pick = picker(seed * 7_919 + plantedLanguages.indexOf(language) * 101 + plantedLayouts.indexOf(layout) * 13);
  const facts = factsOf(pick, language);
  const { main, side } = blocksOf(pick, facts, language);
  const isSplit = layout === 'two-columns';
  const content =
    format === 'docx'
      ? await docxFile(isSplit ? { main, side } : { main: [...main, ...side], side: [] })
      : pdfFile([isSplit ? twoColumns(main, side) : oneColumn([...main, ...side])]);
  return {
    facts,
    fileName: `${facts.name} ${language === 'en' ? 'resume' : '简历'}.${format}`,
    mimeType: format === 'pdf' ? 'application/pdf' : DOCX,
    content,
  };
}

type Pick = ReturnType<typeof picker>;

/** Mulberry32: small, and the same everywhere. */
function picker(seed: number) {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    one: <T>(of: readonly T[]): T => of[below(of.length)] as T, // lists here are not empty
    some: <T>(of: readonly T[], count: number): T[] => {
      const left = [...of];
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0] as T);
    },
  };
}

const pools = {
  zh: {
    names: ['王小明', '李雪', '张伟强', '陈思远', '刘洋', '赵敏', '欧阳晓峰', '周杰', '孙丽华', '吴昊天'],
    places: ['北京', '上海', '深圳', '杭州', '成都', '南京', '武汉'],
    companies: [
      '字节跳动科技有限公司',
      '杭州云帆信息技术有限公司',
      '招商银行',
      '美团',
      '深圳市腾龙网络科技有限公司',
      '阿里巴巴集团',
      '华东医院',
      '小红书',
      '上海明道数据有限公司',
    ],
    positions: [
      '高级后端工程师',
      '前端开发工程师',
      '数据分析师',
      '产品经理',
      'Java开发工程师',
      '测试工程师',
      '技术总监',
      '架构师',
      '算法工程师',
      '财务主管',
    ],
    schools: ['浙江大学', '清华大学', '华中科技大学', '复旦大学', '电子科技大学', '中山大学'],
    areas: ['计算机科学与技术', '软件工程', '信息管理', '应用数学', '金融学', '电子信息工程'],
    done: [
      '负责核心系统的设计与落地，线上故障率下降百分之四十',
      '带领五人小组完成年度重点项目',
      '推动跨部门协作，交付周期缩短一半',
      '搭建监控体系，保障大促平稳运行',
    ],
  },
  en: {
    names: ['Ann Example', 'John A. Smith', 'Maria Garcia', 'Wei Zhang', "Liam O'Connor", 'Priya Raman', 'Jean-Luc Martin', 'Sofia Rossi'],
    places: ['San Francisco, CA', 'London, United Kingdom', 'Austin, TX', 'Toronto, Canada', 'Seattle, WA'],
    companies: [
      'Acme Technologies Inc.',
      'Globex Corporation',
      'Initech',
      'Northwind Traders Ltd',
      'Umbrella Labs',
      'First Harbor Bank',
      'Stripe',
      'Contoso Systems',
    ],
    positions: [
      'Senior Software Engineer',
      'Frontend Developer',
      'Data Analyst',
      'Product Manager',
      'QA Engineer',
      'Engineering Manager',
      'Staff Engineer',
      'Data Scientist',
      'UX Designer',
    ],
    schools: [
      'University of California, Berkeley',
      'Stanford University',
      'Imperial College London',
      'University of Toronto',
      'Georgia Institute of Technology',
    ],
    areas: ['Computer Science', 'Software Engineering', 'Applied Mathematics', 'Economics', 'Electrical Engineering'],
    done: [
      'Cut the latency of checkout by 40% for three million customers',
      'Led a group of five through a rewrite that shipped on time',
      'Introduced reviews that halved the number of incidents',
      'Wrote the tools that others deploy with every day',
    ],
  },
} as const;
/** As it is written, and as it is shown. */
const skillNames: readonly (readonly [string, string])[] = [
  ['Java', 'Java'],
  ['Python3', 'Python'],
  ['Golang', 'Go'],
  ['TypeScript', 'TypeScript'],
  ['C++', 'C++'],
  ['React.js', 'React'],
  ['Vue3', 'Vue'],
  ['Node.js', 'Node.js'],
  ['Spring Boot', 'Spring Boot'],
  ['Django', 'Django'],
  ['MySQL', 'MySQL'],
  ['PostgreSQL', 'PostgreSQL'],
  ['Redis', 'Redis'],
  ['Kafka', 'Kafka'],
  ['Docker', 'Docker'],
  ['k8s', 'Kubernetes'],
  ['AWS', 'AWS'],
  ['Terraform', 'Terraform'],
  ['PyTorch', 'PyTorch'],
  ['Tableau', 'Tableau'],
  ['Figma', 'Figma'],
  ['CI/CD', 'CI/CD'],
  ['GraphQL', 'GraphQL'],
  ['Elasticsearch', 'Elasticsearch'],
];
const chineseSkills: readonly (readonly [string, string])[] = [
  ['微服务', '微服务'],
  ['机器学习', '机器学习'],
  ['数据分析', '数据分析'],
  ['项目管理', '项目管理'],
  ['分布式系统', '分布式系统'],
  ['自动化测试', '自动化测试'],
  ['大模型', '大模型'],
  ['小程序', '小程序'],
  ['推荐系统', '推荐系统'],
  ['性能测试', '性能测试'],
];
const englishSkills: readonly (readonly [string, string])[] = [
  ['machine learning', '机器学习'],
  ['data analysis', '数据分析'],
  ['microservices', '微服务'],
  ['project management', '项目管理'],
  ['test automation', '自动化测试'],
  ['distributed systems', '分布式系统'],
];

function factsOf(pick: Pick, language: PlantedKind['language']): PlantedFacts & { readonly written: readonly string[] } {
  const main = language === 'en' ? pools.en : pools.zh;
  /** In a mixed resume companies and positions are of either language. */
  const either = () => (language === 'mixed' ? pick.one([pools.zh, pools.en]) : main);
  const count = 2 + pick.below(2);
  let year = 2_025;
  const companies = new Set<string>();
  const work = Array.from({ length: count }, (_, index): PlantedWork => {
    const pool = either();
    const free = pool.companies.filter((company) => !companies.has(company));
    const company = pick.one<string>(free);
    companies.add(company);
    const length = 1 + pick.below(3);
    const endDate = index === 0 ? null : `${year}-0${1 + pick.below(6)}`;
    year -= length;
    return {
      company,
      position: pick.one<string>(pool.positions),
      startDate: `${year}-${pick.one(['07', '08', '09', '10', '11', '12'])}`,
      endDate,
    };
  });
  const technical = pick.some(skillNames, 6);
  const named = pick.some(language === 'en' ? englishSkills : chineseSkills, 3);
  const digits = Array.from({ length: 8 }, () => pick.below(10)).join('');
  return {
    name: pick.one<string>(main.names),
    email: `${pick.one(['ann', 'wang.x', 'li_xue', 'j.smith', 'dev'])}${pick.below(1_000)}@${pick.one(['example.com', 'mail.example.cn', 'qq.com'])}`,
    phone: language === 'en' ? `+1 415 555 ${digits.slice(0, 4)}` : `138${digits}`,
    location: pick.one<string>(main.places),
    work,
    institution: pick.one<string>(main.schools),
    degree: pick.one(['bachelor', 'master', 'doctor'] as const),
    area: pick.one<string>(main.areas),
    skills: [...technical, ...named].map(([, shown]) => shown),
    written: [...technical, ...named].map(([written]) => written),
    languages: language === 'en' ? ['en', 'fr'] : ['en', 'zh'],
  };
}

const degreeNames = {
  zh: { bachelor: '本科', master: '硕士', doctor: '博士' },
  en: { bachelor: 'Bachelor of Science', master: 'Master of Science', doctor: 'Ph.D.' },
} as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Ways that people write a period. */
const periods = {
  zh: [
    (from: string, to: string | null) => `${from.replace('-', '.')}-${to?.replace('-', '.') ?? '至今'}`,
    (from: string, to: string | null) => `${chinese(from)}—${to ? chinese(to) : '至今'}`,
    (from: string, to: string | null) => `${from.replace('-', '/')} ~ ${to?.replace('-', '/') ?? '现在'}`,
  ],
  en: [
    (from: string, to: string | null) => `${english(from)} – ${to ? english(to) : 'Present'}`,
    (from: string, to: string | null) => `${american(from)} - ${to ? american(to) : 'Current'}`,
    (from: string, to: string | null) => `${from} to ${to ?? 'present'}`,
  ],
} as const;
const chinese = (date: string): string => `${date.slice(0, 4)}年${Number(date.slice(5))}月`;
const english = (date: string): string => `${MONTHS[Number(date.slice(5)) - 1]} ${date.slice(0, 4)}`;
const american = (date: string): string => `${date.slice(5)}/${date.slice(0, 4)}`;

function blocksOf(
  pick: Pick,
  facts: ReturnType<typeof factsOf>,
  language: PlantedKind['language'],
): { main: ResumeBlock[]; side: ResumeBlock[] } {
  const tongue = language === 'en' ? 'en' : 'zh';
  const period = pick.one(periods[tongue]);
  const style = pick.below(3);
  const { done } = pools[tongue];
  const work = facts.work.flatMap(({ company, position, startDate, endDate }): (string | readonly [string, string])[] => {
    const dates = period(startDate, endDate);
    const did = pick.some(done, 2).map((line) => `• ${line}`);
    if (style === 0) return [[`${company} | ${position}`, dates], ...did];
    if (style === 1) return [[company, dates], position, ...did];
    return [`${dates}  ${company}  ${position}`, ...did];
  });
  const headings =
    tongue === 'zh'
      ? {
          summary: '自我评价',
          work: pick.one(['工作经历', '工作经验', '工作经历 Work Experience']),
          education: pick.one(['教育背景', '教育经历']),
          skills: pick.one(['专业技能', '技能特长']),
          languages: '语言能力',
          contact: '联系方式',
        }
      : {
          summary: 'Summary',
          work: pick.one(['WORK EXPERIENCE', 'Professional Experience', 'Employment History']),
          education: 'EDUCATION',
          skills: pick.one(['SKILLS', 'Technical Skills']),
          languages: 'LANGUAGES',
          contact: 'Contact',
        };
  const degree = degreeNames[tongue][facts.degree];
  const from = Number(facts.work.at(-1)?.startDate.slice(0, 4)) - 4;
  const education =
    tongue === 'zh'
      ? [`${facts.institution}  ${facts.area}  ${degree}`, `${from}.09 - ${from + 4}.06`]
      : [facts.institution, [`${degree} in ${facts.area}`, `${from} - ${from + 4}`] as const];
  const contact =
    tongue === 'zh'
      ? [`电话：${facts.phone}`, `邮箱：${facts.email}`, `现居：${facts.location}`]
      : [facts.phone, facts.email, facts.location];
  const skills = facts.written;
  return {
    main: [
      { heading: null, lines: [facts.name] },
      { heading: headings.summary, lines: [pick.one(done)] },
      { heading: headings.work, lines: work },
      { heading: headings.education, lines: education },
    ],
    side: [
      { heading: headings.contact, lines: contact },
      {
        heading: headings.skills,
        lines: [
          skills.slice(0, 3).join(tongue === 'zh' ? '、' : ', '),
          skills.slice(3, 6).join(' / '),
          skills.slice(6).join(tongue === 'zh' ? '，' : ', '),
        ],
      },
      {
        heading: headings.languages,
        lines: tongue === 'zh' ? ['英语（CET-6）', '普通话（母语）'] : ['English (native)', 'French (conversational)'],
      },
    ],
  };
}

const linesOf = (blocks: readonly ResumeBlock[]) =>
  blocks.flatMap(({ heading, lines }) => (heading === null ? lines : [heading, ...lines]));

function oneColumn(blocks: readonly ResumeBlock[]): Placed[] {
  return column(linesOf(blocks), { x: PAGE.left, top: PAGE.top, width: PAGE.width });
}

function twoColumns(main: readonly ResumeBlock[], side: readonly ResumeBlock[]): Placed[] {
  const [head, ...rest] = main;
  const top = PAGE.top + 40;
  return [
    ...column(linesOf(head ? [head] : []), { x: PAGE.left, top: PAGE.top, width: PAGE.width, size: 20 }),
    ...column(linesOf(side), { x: PAGE.left, top, width: PAGE.side, leading: 16 }),
    ...column(linesOf(rest), { x: PAGE.left + PAGE.side + PAGE.gap, top, width: PAGE.width - PAGE.side - PAGE.gap }),
  ];
}

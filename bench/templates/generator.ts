import { createRandom, type Random } from '../../tools/harness/random.ts';

/** A row of `importTemplates`. */
export interface GeneratedTemplate {
  readonly slug: string;
  readonly name: string;
  readonly category: string;
  readonly categoryName: string;
  readonly description: string;
  readonly content: string;
  readonly tags: readonly string[];
  readonly industry: string;
  readonly experienceLevel: string;
  readonly language: string;
  readonly difficulty: number;
  readonly estimatedTime: number;
}

const categories = [
  'modern',
  'classic',
  'creative',
  'academic',
  'executive',
  'graduate',
  'technical',
  'minimal',
  'two-column',
  'portfolio',
] as const;
const levels = ['entry', 'mid', 'senior', 'executive'];

interface Words {
  readonly language: string;
  readonly jobs: readonly string[];
  readonly industries: readonly string[];
  readonly styles: readonly string[];
  readonly strengths: readonly string[];
  readonly sections: readonly string[];
  name(style: string, job: string, industry: string): string;
  sentence(style: string, job: string, strengths: readonly string[]): string;
}

const english: Words = {
  language: 'en',
  jobs: [
    'software engineer',
    'registered nurse',
    'accountant',
    'product manager',
    'primary teacher',
    'data analyst',
    'civil engineer',
    'graphic designer',
    'lawyer',
    'chef',
    'sales manager',
    'research scientist',
    'electrician',
    'journalist',
    'pharmacist',
    'architect',
    'translator',
    'logistics planner',
    'human resources partner',
    'mechanical engineer',
  ],
  industries: [
    'technology',
    'healthcare',
    'finance',
    'education',
    'construction',
    'media',
    'retail',
    'public service',
    'energy',
    'hospitality',
  ],
  styles: [
    'clean single-column',
    'elegant serif',
    'bold two-column',
    'compact one-page',
    'quiet monochrome',
    'colourful timeline',
    'scholarly',
    'boardroom',
    'friendly',
    'strict',
  ],
  strengths: [
    'leading small teams',
    'measurable results',
    'patient care',
    'published research',
    'tight deadlines',
    'customer trust',
    'careful budgets',
    'international projects',
    'open-source work',
    'safety records',
    'teaching awards',
    'negotiation',
  ],
  sections: ['summary', 'experience', 'education', 'skills', 'languages', 'certificates', 'publications', 'projects'],
  name: (style, job, industry) => `${style} résumé for a ${job} in ${industry}`,
  sentence: (style, job, strengths) =>
    `A ${style} layout that puts ${strengths.join(', ')} first. It suits a ${job} who wants to be read in half a minute.`,
};

const chinese: Words = {
  language: 'zh',
  jobs: [
    '软件工程师',
    '注册护士',
    '会计师',
    '产品经理',
    '小学教师',
    '数据分析师',
    '土木工程师',
    '平面设计师',
    '律师',
    '厨师',
    '销售经理',
    '科研人员',
    '电工',
    '记者',
    '药剂师',
    '建筑师',
    '翻译',
    '物流专员',
    '人力资源专员',
    '机械工程师',
  ],
  industries: ['互联网', '医疗', '金融', '教育', '建筑', '传媒', '零售', '公共服务', '能源', '酒店'],
  styles: ['简洁单栏', '典雅衬线', '醒目双栏', '紧凑一页', '素净黑白', '彩色时间轴', '学术', '高管', '亲和', '严谨'],
  strengths: [
    '团队管理',
    '量化成果',
    '细致护理',
    '论文发表',
    '按时交付',
    '客户信任',
    '预算控制',
    '国际项目',
    '开源贡献',
    '安全记录',
    '教学奖项',
    '商务谈判',
  ],
  sections: ['个人简介', '工作经历', '教育背景', '专业技能', '语言能力', '证书', '论文', '项目'],
  name: (style, job, industry) => `${style}${industry}${job}简历模板`,
  sentence: (style, job, strengths) => `${style}版式，突出${strengths.join('、')}，适合希望在半分钟内被读完的${job}。`,
};

/** The template that only one vector search is about; nothing else holds its words. */
export const PLANTED: GeneratedTemplate = {
  slug: 'planted-luthier',
  name: 'Luthier and harpsichord voicing workshop portfolio',
  category: 'portfolio',
  categoryName: 'Portfolio',
  description: 'For violin makers and harpsichord voicers: spruce, varnish, soundposts and quills before anything else.',
  content: '# {{name}}\n\nLuthier. Soundpost, varnish and quill work on {{instruments}}.',
  tags: ['luthier', 'harpsichord'],
  industry: 'instrument making',
  experienceLevel: 'senior',
  language: 'en',
  difficulty: 3,
  estimatedTime: 45,
};
export const PLANTED_QUERY = 'harpsichord voicing and violin varnish by a luthier';

/** `count` templates, half Chinese and half English, the planted one the last. The same seed gives the same. */
export function generateTemplates(count: number, seed: number): GeneratedTemplate[] {
  const random = createRandom(seed).fork('templates');
  return [...Array.from({ length: count - 1 }, (_, index) => generateTemplate(index, random)), PLANTED];
}

/** Search texts as people type them: a job, a style, what they want to show. */
export function generateQueries(count: number, seed: number): string[] {
  const random = createRandom(seed).fork('queries');
  return Array.from({ length: count }, () => {
    const words = random.pick([english, chinese]);
    const parts = [random.pick(words.styles), random.pick(words.jobs), random.pick(words.strengths), random.pick(words.industries)];
    return parts.slice(0, random.integer(2, 4)).join(' ');
  });
}

function generateTemplate(index: number, random: Random): GeneratedTemplate {
  const words = random.pick([english, chinese]);
  const category = random.pick(categories);
  const [style, job, industry] = [random.pick(words.styles), random.pick(words.jobs), random.pick(words.industries)];
  const strengths = Array.from({ length: 3 }, () => random.pick(words.strengths));
  const sections = Array.from({ length: 5 }, () => random.pick(words.sections));
  return {
    slug: `bench-${index}`,
    name: words.name(style, job, industry),
    category,
    categoryName: category,
    description: words.sentence(style, job, strengths),
    content: sections
      .map((section) => `## ${section}\n\n{{#each items}}\n- {{title}}: ${random.pick(words.strengths)}\n{{/each}}\n`)
      .join('\n'),
    tags: [...new Set([job, style, random.pick(words.strengths)])],
    industry,
    experienceLevel: random.pick(levels),
    language: words.language,
    difficulty: random.integer(1, 5),
    estimatedTime: random.integer(10, 120),
  };
}

import { hashText } from '../lexical/hash.js';
import { stem } from '../lexical/stem.js';
import { blankVector, toUnitVector } from '../vector.js';

/** Words of one meaning, in English and Chinese; each group is an axis of the vector. */
const CONCEPTS: readonly (readonly string[])[] = [
  [
    'scholarly',
    'academic',
    'academia',
    'researcher',
    'research',
    'university',
    'professor',
    'phd',
    'scientist',
    '学术',
    '研究',
    '大学',
    '教授',
    '博士',
    '科研',
  ],
  ['developer', 'engineer', 'programmer', 'coder', 'software', 'technical', 'terminal', '程序员', '开发', '工程师', '软件', '技术'],
  ['creative', 'artistic', 'artist', 'designer', 'expressive', 'studio', 'portfolio', '创意', '艺术', '设计'],
  ['minimal', 'minimalist', 'simple', 'plain', 'clean', 'uncluttered', 'lite', '简约', '极简', '简洁', '干净'],
  ['professional', 'corporate', 'business', 'executive', 'consultant', 'consulting', 'boardroom', '商务', '专业', '企业', '高管'],
  ['warm', 'desert', 'earthy', 'sand', 'terracotta', 'sunny', '温暖', '沙漠', '暖色'],
  ['dark', 'black', 'night', 'noir', 'midnight', '深色', '黑色', '夜间', '暗色'],
  ['colourful', 'colorful', 'vivid', 'bright', 'vibrant', 'bold', '鲜艳', '彩色', '明亮', '大胆'],
  ['legal', 'lawyer', 'attorney', 'solicitor', 'law', '法律', '律师'],
  ['finance', 'financial', 'banker', 'banking', 'accountant', 'economist', '金融', '银行', '会计', '财务'],
  ['medical', 'doctor', 'physician', 'nurse', 'health', 'clinical', '医疗', '医生', '护士', '健康'],
  ['classic', 'traditional', 'timeless', 'elegant', 'refined', 'serif', '经典', '传统', '优雅', '衬线'],
  ['modern', 'contemporary', 'fresh', 'current', 'sleek', '现代', '时尚', '新潮'],
  ['photo', 'avatar', 'portrait', 'picture', '照片', '头像'],
  ['timeline', 'chronological', 'history', 'chronology', '时间线', '时间轴', '履历'],
  ['print', 'paper', 'printable', 'pdf', '打印', '纸张'],
];
/** A word outside all groups still tells texts apart, a little. */
const OTHER_WORD_WEIGHT = 0.15;
const MIN_OTHER_AXES = 16;

const axisOfStem = new Map(
  CONCEPTS.flatMap((words, axis) => words.filter((word) => /^[a-z]/.test(word)).map((word) => [stem(word), axis] as const)),
);
const hanWords = CONCEPTS.flatMap((words, axis) => words.filter((word) => !/^[a-z]/.test(word)).map((word) => ({ word, axis })));

/**
 * A test double of a semantic provider: "researcher", "university" and "学术" have nearly the same vector, though they share no letter.
 * It knows a handful of concepts about resumes and nothing else; it stands in for a model in tests and is never one in production.
 */
export function conceptEmbedder(dimensions: number): (text: string) => number[] {
  const otherAxes = dimensions - CONCEPTS.length;
  if (otherAxes < MIN_OTHER_AXES)
    throw new RangeError(`The concept embedder needs at least ${CONCEPTS.length + MIN_OTHER_AXES} dimensions.`);
  return (text) => {
    const sums = Array.from({ length: dimensions }, () => 0);
    const add = (axis: number, weight: number): void => {
      sums[axis] = (sums[axis] ?? 0) + weight;
    };
    const lower = text.normalize('NFKC').toLowerCase();
    for (const word of lower.match(/[a-z]+|\p{Script=Han}|\d+/gu) ?? []) {
      const root = stem(word);
      const axis = axisOfStem.get(root);
      if (axis === undefined) add(CONCEPTS.length + (hashText(root, 1) % otherAxes), OTHER_WORD_WEIGHT);
      else add(axis, 1);
    }
    for (const { word, axis } of hanWords) if (lower.includes(word)) add(axis, 1);
    return toUnitVector(sums) ?? blankVector(dimensions);
  };
}

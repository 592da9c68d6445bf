import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';

/** Words of this field that the default dictionary cuts apart: word, frequency, part of speech. */
const fieldWords = ['前端', '后端', '全栈', '运维', '小程序', '微服务', '大模型', '云原生', '求职信', '猎头']
  .map((word) => `${word} 20000 n`)
  .join('\n');

/** Names that lose what tells them apart once punctuation is gone. */
const namedSymbols: readonly (readonly [RegExp, string])[] = [
  [/c\+\+/g, ' cplusplus '],
  [/c#/g, ' csharp '],
  [/f#/g, ' fsharp '],
];

/** Words that say nothing about what is looked for; in a query they would match everything. */
const emptyWords = new Set(
  'a an and are as at be by for from in is it of on or that the this to was with 的 了 和 是 在 与 及 或 也 就 都 而 我 有 这 那 一个 吗 呢'.split(
    ' ',
  ),
);

let jieba: Jieba | undefined;
/** Loading the dictionary takes about 100 ms and 40 MB, so not before the first text. */
function cutter(): Jieba {
  if (!jieba) {
    jieba = Jieba.withDict(dict);
    jieba.loadDict(Buffer.from(fieldWords));
  }
  return jieba;
}

/**
 * The words of a text, lower case, in order, joined by single spaces: letters and digits of any script, Chinese cut into words and
 * the shorter words inside them (全栈工程师 → 全栈 工程 工程师). Width and compatibility forms are unified (ＰＭ → pm).
 */
export function segment(text: string): string {
  const words: string[] = [];
  for (const run of plain(text).match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+/gu) ?? []) {
    if (/^\p{Script=Han}/u.test(run)) words.push(...cutter().cutForSearch(run, true));
    else words.push(run);
  }
  return words.join(' ');
}

/** Leaves out the words without content, unless there is nothing else; takes and gives what `segment` gives. */
export function withoutEmptyWords(segmented: string): string {
  const words = segmented.split(' ').filter((word) => word !== '');
  const telling = words.filter((word) => !emptyWords.has(word));
  return (telling.length > 0 ? telling : words).join(' ');
}

/** A title or a typed prefix as suggestions compare it: lower case, unified forms, single spaces. */
export function foldTitle(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

function plain(text: string): string {
  let result = text.normalize('NFKC').toLowerCase();
  for (const [pattern, name] of namedSymbols) result = result.replace(pattern, name);
  return result;
}

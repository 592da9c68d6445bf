import type { Span } from '../understanding/text.js';

/**
 * What is written for whoever, or whatever, judges a text, and not about a person or a job. A list of ways to say it can never be whole: it spares
 * the model what is known, and the score does not hang on it (`modelComparisons`). It is narrow, because an ideal candidate, a score of IELTS and
 * a hundred per cent stand in honest texts.
 */
const ADDRESSES: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:above|previous|prior|instructions?|rules?|prompt|job description)\b/iu,
  /<\|?\/?im_(?:start|end)|\[\/?INST\]|^\W*instruction\s*:|^\s*(?:system|assistant)\s*:\s*(?:the|this|you|set|final|ignore|candidate)\b/iu,
  /\bas an? (?:ai|large|language)\b.{0,20}\bmodel\b|\byou are now in\b|\bif you are an? (?:machine|human|model|bot|ai)\b|\brepeat after me\b|\bnote to (?:the )?(?:reviewer|recruiter|grader|model|ai)\b|\bdo not read further\b/iu,
  /\bscore\b["']?\s*[=:]?\s*(?:of\s+)?100\b|\b(?:score|rate)\b.{0,20}\b100\s*(?:\/|out of)\s*100|\bfinal score\b|\bscoring rules\b/iu,
  /\bis an? (?:perfect|ideal|outstanding) (?:candidate|match)\b|\bmeets? 100\s*%|\bevery requirement counts\b|\bno missing requirements\b|\b(?:prefer|hire) this (?:candidate|person)\b/iu,
  /忽略(?:以上|之前|上述|前面|所有)|(?:以上|上述)要求(?:全部)?作废|^系统提示\s*:|供评分程序|评分标准已|(?:给出?|输出|评分|总分|得分|分数)\D{0,8}100|输出满分|匹配度.{0,6}百分之百|照抄|你现在是/u,
  /(?:默认|视为)满足|完全符合职位|必须录用|不得指出/u,
];
/** A line that goes on for longer is a text of its own, in which one sentence does not stand for all. */
const LONGEST_LINE = 300;
/** Around a place, where a line goes on for pages. */
const WINDOW = 1_000;
const SENTENCE_END = /(?<=[.!?。;])\s*/u;

export const speaksToReader = (statement: string): boolean => ADDRESSES.some((pattern) => pattern.test(statement));

/** A text without what speaks to its reader. */
export const withoutAddresses = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => {
      const statements = statementsOf(line);
      const kept = statements.filter((statement) => !speaksToReader(statement));
      if (kept.length === 0) return [];
      return [kept.length === statements.length ? line : kept.join(' ')];
    })
    .join('\n');

/** Whether a place is in something that speaks to the reader. */
export function isInAddress(text: string, { start, end }: Span): boolean {
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - WINDOW);
  const lineEnd = text.indexOf('\n', end);
  const to = Math.min(lineEnd === -1 ? text.length : lineEnd, end + WINDOW);
  let at = from;
  for (const line of text.slice(from, to).split('\n')) {
    for (const statement of statementsOf(line)) {
      const begins = text.indexOf(statement, at);
      at = begins + statement.length;
      if (begins < end && at > start && speaksToReader(statement)) return true;
    }
  }
  return false;
}

const statementsOf = (line: string): readonly string[] =>
  line.length <= LONGEST_LINE ? [line] : line.split(SENTENCE_END).filter((statement) => statement !== '');

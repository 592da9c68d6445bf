import type { Span } from '../understanding/text.js';

export interface Snippet extends Span {
  readonly text: string;
}

const LENGTH = 240;
/** What is shown before the word that was looked for. */
const BEFORE = 60;
/** Two characters of one word: Chinese writes its words without blanks. */
const INNER = /^[\p{Script=Latin}\p{N}]{2}$/u;

/**
 * What of a passage is shown: at most 240 characters around the first of the words, from the start where it holds none of them. It is the text
 * between its `start` and `end`, character for character.
 * @param words in lower case
 */
export function snippetOf(text: string, { start, end }: Span, words: readonly string[]): Snippet {
  const passage = text.slice(start, end);
  const lower = passage.toLowerCase();
  // A script whose lower case is longer would point beside the word.
  const comparable = lower.length === passage.length ? lower : passage;
  const places = words.map((word) => placeOf(comparable, word)).filter((place) => place >= 0);
  const from = places.length === 0 ? 0 : beginNear(passage, Math.min(...places));
  const to = Math.min(passage.length, from + LENGTH);
  const begin = start + (isLowHalf(passage, from) ? from + 1 : from);
  const finish = start + (isLowHalf(passage, to) ? to - 1 : to);
  return { start: begin, end: finish, text: text.slice(begin, finish) };
}

/** Where a word begins first; -1 where it is none of the text, or only the end of other words. */
function placeOf(passage: string, word: string): number {
  for (let at = passage.indexOf(word); at >= 0; at = passage.indexOf(word, at + 1))
    if (!INNER.test(passage.slice(Math.max(0, at - 1), at + 1))) return at;
  return -1;
}

/** The beginning of the line, of a word, or just so much before the place. */
function beginNear(passage: string, place: number): number {
  if (place <= BEFORE) return 0;
  const before = passage.slice(place - BEFORE, place);
  const line = before.lastIndexOf('\n');
  const blank = before.indexOf(' ');
  return place - BEFORE + (line >= 0 ? line + 1 : blank >= 0 ? blank + 1 : 0);
}

const isLowHalf = (text: string, index: number): boolean => /[\udc00-\udfff]/.test(text[index] ?? '');

import type { Jieba } from '@node-rs/jieba';
import { stem } from './stem.js';
import { stopWords } from './stop-words.js';

export interface Token {
  /** Normalised: lower case, stemmed. */
  readonly text: string;
  readonly kind: 'word' | 'han';
}

const RUNS = /\p{Script=Han}+|[\p{L}\p{M}\p{N}]+/gu;
const HAN = /^\p{Script=Han}/u;

let segmenter: Promise<Jieba> | undefined;

/**
 * The words of a text in their order, without stop words unless nothing else is left. Chinese is segmented by jieba in search mode, so
 * a compound is there as a whole and in its parts. The dictionary (38 MB, 150 ms) is loaded by the first Chinese text.
 */
export async function tokenize(text: string): Promise<Token[]> {
  // NFKC folds full-width letters and compatibility forms; a possessive is not part of its word.
  const runs =
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/['’]s\b/g, '')
      .match(RUNS) ?? [];
  const tokens: Token[] = [];
  const stops: Token[] = [];
  for (const run of runs) {
    const kind = HAN.test(run) ? 'han' : 'word';
    const words = kind === 'han' ? (await loadSegmenter()).cutForSearch(run, true) : [run];
    for (const word of words) (stopWords.has(word) ? stops : tokens).push({ kind, text: kind === 'han' ? word : stem(word) });
  }
  return tokens.length > 0 ? tokens : stops;
}

function loadSegmenter(): Promise<Jieba> {
  segmenter ??= (async () => {
    const [jieba, { dict }] = await Promise.all([import('@node-rs/jieba'), import('@node-rs/jieba/dict.js')]);
    return jieba.Jieba.withDict(dict);
  })();
  return segmenter;
}

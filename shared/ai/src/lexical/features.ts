import { tokenize, type Token } from './tokenize.js';

/** Weight of the features beside a word's own, which is 1. */
const BIGRAM_WEIGHT = 0.5;
/** All n-grams of a word together: enough for a typo or another ending to be found, too little to outweigh a shared word. */
const GRAMS_WEIGHT = 0.45;
const GRAM_SIZES = [3, 4];

/** The features of a text and how strong each is: words, pairs of neighbours, and pieces of words. */
export async function featuresOf(text: string): Promise<ReadonlyMap<string, number>> {
  const tokens = await tokenize(text);
  const words = new Map<string, { token: Token; count: number }>();
  const pairs = new Map<string, number>();
  tokens.forEach((token, index) => {
    words.set(token.text, { token, count: (words.get(token.text)?.count ?? 0) + 1 });
    const next = tokens[index + 1];
    if (next !== undefined) pairs.set(`${token.text} ${next.text}`, (pairs.get(`${token.text} ${next.text}`) ?? 0) + 1);
  });

  const features = new Map<string, number>();
  for (const [pair, count] of pairs) features.set(`b:${pair}`, BIGRAM_WEIGHT * damped(count));
  for (const [word, { token, count }] of words) {
    features.set(`w:${word}`, damped(count));
    const grams = gramsOf(token);
    // By the root of their number, so that the block of a long word is as long a vector as that of a short one.
    const gramWeight = (GRAMS_WEIGHT * damped(count)) / Math.sqrt(grams.length);
    for (const gram of grams) features.set(`g:${gram}`, (features.get(`g:${gram}`) ?? 0) + gramWeight);
  }
  return features;
}

/** Sub-linear: a word that is there ten times says little more than one that is there three times. */
function damped(count: number): number {
  return 1 + Math.log(count);
}

function gramsOf({ kind, text }: Token): string[] {
  if (kind === 'han') return text.length > 1 ? [...text] : [];
  const padded = `^${text}$`;
  const grams = new Set<string>();
  for (const size of GRAM_SIZES) {
    for (let start = 0; start + size <= padded.length; start += 1) grams.add(padded.slice(start, start + size));
  }
  return [...grams];
}

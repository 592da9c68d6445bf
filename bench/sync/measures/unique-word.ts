/** Consonants, so that no stemmer finds an ending in them and no segmenter a word. */
const LETTERS = 'bdfgkmpqvz';

/** A word of letters that no other number has and no text holds by chance. */
export function wordOf(number: number): string {
  return `xq${[...String(number)].map((digit) => LETTERS[Number(digit)]).join('')}xk`;
}

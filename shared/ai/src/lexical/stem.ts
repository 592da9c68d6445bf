const HAS_VOWEL = /[aeiouy]/;
const DOUBLED_END = /([bdfgmnprt])\1$/;

/**
 * Folds plurals and the commonest English endings, so that `layouts`, `styled` and `scholarly` meet `layout`, `style` and `scholar`.
 * Lighter than Porter's on purpose: a stem that merges too much cannot be undone, one that merges too little is caught by n-grams.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let result = foldPlural(word);
  result = dropEnding(result, 'ing', 3) ?? dropEnding(result, 'ed', 3) ?? dropEnding(result, 'ly', 4) ?? result;
  return result.length > 4 && result.endsWith('e') ? result.slice(0, -1) : result;
}

function foldPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

function dropEnding(word: string, ending: string, minLength: number): string | undefined {
  if (!word.endsWith(ending)) return undefined;
  const rest = word.slice(0, -ending.length);
  if (rest.length < minLength || !HAS_VOWEL.test(rest)) return undefined;
  return ending === 'ly' ? rest : rest.replace(DOUBLED_END, '$1');
}

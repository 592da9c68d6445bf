import type { Span } from '../understanding/text.js';

/** Longer than a statement: who points at half a text points at no place. */
export const MAX_QUOTED = 300;
/** One character stands everywhere. */
const MIN_QUOTED = 2;

const LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d]/u;
const HAN = /\p{Script=Han}/u;
/** Signs that are written in more than one way. */
const SAME: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"', '–': '-', '—': '-', '‑': '-' };

/** Finds where words stand in a text, whatever blanks and line ends are between them; letters in any case. */
export interface QuoteFinder {
  /** The first place of them as whole words; undefined where there is none, and for what is too short or too long to be one. */
  first(quote: string): Span | undefined;
  /** All of them, one after the other. */
  all(quote: string): readonly Span[];
}

export function createQuoteFinder(text: string): QuoteFinder {
  const { plain, places } = plainOf(text);
  function* placesOf(quote: string): Generator<Span> {
    const wanted = plainOf(quote.normalize('NFKC').replace(/^[\s.…"“”]+|[\s.…"“”]+$/gu, '')).plain.trim();
    if (wanted.length < MIN_QUOTED || wanted.length > MAX_QUOTED) return;
    for (let at = plain.indexOf(wanted); at !== -1; at = plain.indexOf(wanted, at + 1)) {
      const [start, last] = [places[at], places[at + wanted.length - 1]];
      if (start === undefined || last === undefined || isInside(plain, at) || isInside(plain, at + wanted.length)) continue;
      yield { start, end: last + 1 };
    }
  }
  return {
    first: (quote) => placesOf(quote).next().value as Span | undefined, // a generator that is done has no value
    all: (quote) => [...placesOf(quote)],
  };
}

/** Whether a word goes on there: `Java` does not stand in `JavaScript`. */
const isInside = (text: string, at: number): boolean => LETTER.test(text[at - 1] ?? '') && LETTER.test(text[at] ?? '');

/** A text with one blank where there are several, none beside Chinese, and where each of its characters stands. */
function plainOf(text: string): { readonly plain: string; readonly places: readonly number[] } {
  let plain = '';
  const places: number[] = [];
  let hasBlank = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (/\s/u.test(character)) {
      hasBlank = true;
      continue;
    }
    if (hasBlank && plain !== '' && !HAN.test(character) && !HAN.test(plain.at(-1) ?? '')) {
      plain += ' ';
      places.push(at - 1);
    }
    hasBlank = false;
    const lower = character.toLowerCase();
    // A letter that becomes two would move all places after it.
    plain += SAME[character] ?? (lower.length === 1 ? lower : character);
    places.push(at);
  }
  return { plain, places };
}

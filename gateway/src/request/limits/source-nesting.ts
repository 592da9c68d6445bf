import { LimitExceededError } from './limit-exceeded.js';

/** Twice the depth that can be set: values nest, too. At this depth the parser's recursion uses a fraction of the stack. */
export const MAX_NESTING = 1_000;

const [QUOTE, HASH, BACKSLASH] = [0x22, 0x23, 0x5c];
const [LINE_FEED, RETURN] = [0x0a, 0x0d];
const BLOCK_QUOTE = '"""';
const OPENING: ReadonlySet<number> = new Set(['{', '[', '('].map((character) => character.charCodeAt(0)));
const CLOSING: ReadonlySet<number> = new Set(['}', ']', ')'].map((character) => character.charCodeAt(0)));

/**
 * Refuses a document whose brackets nest so deep that parsing it, which is recursive, could overflow the stack. Linear in the text; what is
 * no GraphQL is left to the parser.
 * @throws LimitExceededError
 */
export function assertNestingWithin(source: string, max: number = MAX_NESTING): void {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (OPENING.has(code)) {
      depth += 1;
      if (depth > max) throw new LimitExceededError('The document nests its brackets too deep', { limit: 'nesting', max });
    } else if (CLOSING.has(code)) depth -= 1;
    else if (code === QUOTE) at = endOfString(source, at);
    else if (code === HASH) at = endOfLine(source, at);
  }
}

/** Where the string that begins at `start` ends; the end of the text, where it does not. */
function endOfString(source: string, start: number): number {
  if (!source.startsWith(BLOCK_QUOTE, start)) {
    for (let at = start + 1; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE || code === LINE_FEED || code === RETURN) return at;
    }
    return source.length;
  }
  let end = source.indexOf(BLOCK_QUOTE, start + BLOCK_QUOTE.length);
  while (end !== -1 && source.charCodeAt(end - 1) === BACKSLASH) end = source.indexOf(BLOCK_QUOTE, end + BLOCK_QUOTE.length);
  return end === -1 ? source.length : end + BLOCK_QUOTE.length - 1;
}

function endOfLine(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN) return at;
  }
  return source.length;
}

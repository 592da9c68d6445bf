import { LimitExceededError } from './limit-exceeded.js';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/**
 * Refuses JSON whose objects and lists nest too deep, before it is parsed: what copies or writes such values later is recursive. Linear in
 * the text; what is no JSON is left to the parser.
 * @throws LimitExceededError (BAD_REQUEST)
 */
export function assertJsonDepthWithin(text: string, max: number): void {
  // Every level takes two brackets.
  if (text.length <= 2 * max) return;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return;
    } else if (OPENING.has(code)) {
      depth += 1;
      if (depth > max) {
        throw new LimitExceededError('The JSON of the request nests its objects and lists too deep', {
          limit: 'jsonDepth',
          max,
          code: 'BAD_REQUEST',
        });
      }
    } else if (CLOSING.has(code)) depth -= 1;
  }
}

/** The text of an operation is one long string: the search for its end is the engine's own. -1 where there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

import { analyse, type Analysis } from './analyse.js';
import { textOfJsonResume, toJsonResume, type JsonResume } from './json-resume.js';
import { readingOrder } from './reading-order.js';
import type { WordCutter } from './skills.js';
import { toText } from './text.js';
import { Unreadable, type FileReader, type RawContent } from './understanding.js';

export type Understood =
  | { readonly kind: 'done'; readonly text: string; readonly jsonResume: JsonResume; readonly analysis: Analysis }
  | { readonly kind: 'needs-ocr' };

/** Pages with less than this many characters each are pictures of text. */
const CHARACTERS_A_PAGE = 20;
/** More text than fifty pages of it is no resume. */
const MAX_CHARACTERS = 400_000;

export interface Understand {
  /** @throws Unreadable */
  (file: { readonly content: Uint8Array; readonly contentType: string }, signal: AbortSignal): Promise<Understood>;
}

/** Reads a file and finds in it what a resume says. A JSON Resume stays as it is, fields that the schema does not know included. */
export function createUnderstand(deps: { readonly reader: FileReader; readonly cut: WordCutter; readonly now: () => Date }): Understand {
  const { reader, cut, now } = deps;
  return async ({ content, contentType }, signal) => {
    if (contentType === 'application/json') {
      const given = parsed(content);
      const text = modest(toText(textOfJsonResume(given)));
      return { kind: 'done', text, jsonResume: given, analysis: analyse(text, { cut, now: now() }) };
    }
    const raw = await reader.read(content, contentType, signal);
    if (isPicture(raw)) return { kind: 'needs-ocr' };
    const text = modest(toText(raw.kind === 'pages' ? readingOrder(raw.pages) : raw.lines));
    const analysis = analyse(text, { cut, now: now() });
    return { kind: 'done', text, jsonResume: toJsonResume(text, analysis), analysis };
  };
}

/** What is analysed holds up the process while it is. */
function modest(text: string): string {
  if (text.length > MAX_CHARACTERS) throw new Unreadable('too-complex');
  return text;
}

function isPicture(raw: RawContent): boolean {
  if (raw.kind !== 'pages') return false;
  let characters = 0;
  for (const { items } of raw.pages) for (const { text } of items) characters += text.trim().length;
  return characters < CHARACTERS_A_PAGE * Math.max(raw.pages.length, 1);
}

function parsed(content: Uint8Array): JsonResume {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonResume;
  } catch (error) {
    throw new Unreadable('broken', error);
  }
  throw new Unreadable('broken');
}

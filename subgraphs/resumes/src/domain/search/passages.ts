import type { Analysis } from '../understanding/analyse.js';
import type { Section, SectionKind } from '../understanding/sections.js';
import type { Span } from '../understanding/text.js';
import { spanOf } from '../understanding/work.js';

/** A part of a resume that is searched as one: where in the text it stands, and the kind of its section. */
export interface Passage extends Span {
  readonly kind: SectionKind;
}

/** UTF-16 code units: a position with all that is said of it fits, and an embedding of more would be of everything and nothing. */
const LONGEST = 2_000;

/**
 * The text cut into passages, in its order: each position by itself, every other section whole, and what is longer than 2,000 characters in parts
 * that end where a line, a sentence or a word does. Their spans do not overlap; only blanks are in none.
 */
export function passagesOf(text: string, { sections, work }: Pick<Analysis, 'sections' | 'work'>): readonly Passage[] {
  const heads = work.map((entry) => Math.min(...spanOf(entry).map(({ start }) => start)));
  return sections.flatMap((section) =>
    positionsOf(section, heads)
      .flatMap((span) => piecesOf(text, span))
      .map(({ start, end }) => ({ kind: section.kind, start, end })),
  );
}

/** A section of work cut where positions begin; what stands above the first belongs to it. */
function positionsOf({ kind, lines, start, end }: Section, heads: readonly number[]): readonly Span[] {
  if (kind !== 'work') return [{ start, end }];
  const begins = lines.filter((line) => heads.some((head) => line.start <= head && head < line.end)).map((line) => line.start);
  const cuts = [start, ...begins.slice(1), end];
  return cuts.slice(1).map((to, nth) => ({ start: cuts[nth] ?? start, end: to }));
}

function piecesOf(text: string, { start, end }: Span): readonly Span[] {
  const pieces: Span[] = [];
  for (let from = start; from < end;) {
    const to = end - from <= LONGEST ? end : from + lengthOf(text.slice(from, from + LONGEST));
    const piece = text.slice(from, to);
    const begin = from + piece.length - piece.trimStart().length;
    if (piece.trim() !== '') pieces.push({ start: begin, end: begin + piece.trim().length });
    from = to;
  }
  return pieces;
}

/** How much of a window goes into one piece: up to the last line, else sentence, else word that ends in its second half; else all of it. */
function lengthOf(window: string): number {
  for (const end of [/\n(?=[^\n]*$)/, /[。！？；.!?;](?=[^。！？；.!?;]*$)/, / (?=[^ ]*$)/]) {
    const hit = end.exec(window);
    if (hit && hit.index >= window.length / 2) return hit.index + 1;
  }
  // Never between the two halves of a character.
  return /[\ud800-\udbff]$/.test(window) ? window.length - 1 : window.length;
}

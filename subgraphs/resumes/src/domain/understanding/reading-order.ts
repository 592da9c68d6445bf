import type { Page, TextItem } from './page.js';

/** Text that stands together on one line of one column. */
interface Segment {
  readonly x: number;
  readonly right: number;
  readonly y: number;
  readonly height: number;
  readonly text: string;
}

/** Items within so much of their height are on one line. */
const SAME_LINE = 0.5;
/** A gap this much wider than the font is high ends a segment: between columns, or before a date at the right margin. */
const NEW_SEGMENT = 1.6;
/** A smaller gap, but one that can be seen, is a blank. */
const BLANK = 0.18;
/** A gap that sets parts of a line apart: it comes as two blanks. */
const PARTS = 0.8;

/** Where a gutter between columns may be, as parts of the width of the text. */
const GUTTER = { from: 0.18, to: 0.82, step: 0.01 };
/** Lines that a column has at least. */
const COLUMN_LINES = 4;
/** At most so many of the segments may lie across a gutter: a name, a line of contact data. */
const ACROSS = 0.2;
/** How much of the shorter column's height both columns share. */
const BESIDE = 0.35;
/** A right "column" of which so much is dates belongs to the lines on its left. */
const DATES = 0.6;
const DATE_LIKE = /\d{4}|\d{1,2}[./]\d{2,4}|至今|现在|present|now|current/i;

const HAN = /\p{Script=Han}/u;

/**
 * The lines of a document as a person reads them: columns one after the other, and what lies across both in its place. Segments of one line of one
 * column are joined by two blanks.
 */
export function readingOrder(pages: readonly Page[]): readonly string[] {
  return pages.flatMap((page) => orderOf(segmentsOf(page.items)));
}

function segmentsOf(items: readonly TextItem[]): Segment[] {
  const shown = items.filter(({ text }) => text.trim() !== '').toSorted((a, b) => a.y - b.y || a.x - b.x);
  const rows: TextItem[][] = [];
  for (const item of shown) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && Math.abs(item.y - first.y) <= SAME_LINE * Math.min(item.height, first.height)) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => segmentsOfRow(row.toSorted((a, b) => a.x - b.x)));
}

function segmentsOfRow(row: readonly TextItem[]): Segment[] {
  const segments: { x: number; right: number; y: number; height: number; text: string }[] = [];
  for (const { text, x, y, width, height } of row) {
    const last = segments.at(-1);
    const gap = last ? x - last.right : Infinity;
    if (!last || gap > NEW_SEGMENT * height) {
      segments.push({ x, right: x + width, y, height, text });
      continue;
    }
    const isBlank = gap > BLANK * height && !(HAN.test(last.text.at(-1) ?? '') && HAN.test(text[0] ?? ''));
    last.text += (gap > PARTS * height ? '  ' : isBlank ? ' ' : '') + text;
    last.right = Math.max(last.right, x + width);
    last.height = Math.max(last.height, height);
  }
  return segments.map((segment) => ({ ...segment, text: segment.text.replace(/\s{2,}/g, '  ').trim() }));
}

function orderOf(segments: readonly Segment[]): string[] {
  const gutter = gutterOf(segments);
  if (gutter === undefined) return linesOf(segments);
  const lines: string[] = [];
  let band: Segment[] = [];
  const flush = (): void => {
    lines.push(...linesOf(band.filter(({ x }) => x < gutter)), ...linesOf(band.filter(({ x }) => x >= gutter)));
    band = [];
  };
  for (const segment of segments.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    if (segment.x < gutter && segment.right > gutter) {
      flush();
      lines.push(segment.text);
    } else band.push(segment);
  }
  flush();
  return lines;
}

function linesOf(segments: readonly Segment[]): string[] {
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && Math.abs(segment.y - first.y) <= SAME_LINE * Math.min(segment.height, first.height)) row.push(segment);
    else rows.push([segment]);
  }
  return rows.map((row) =>
    row
      .toSorted((a, b) => a.x - b.x)
      .map(({ text }) => text)
      .join('  '),
  );
}

/** The place between two columns; undefined where there is one column. */
function gutterOf(segments: readonly Segment[]): number | undefined {
  if (segments.length < 2 * COLUMN_LINES) return undefined;
  const left = Math.min(...segments.map(({ x }) => x));
  const width = Math.max(...segments.map(({ right }) => right)) - left;
  let best: { readonly at: number; readonly across: number } | undefined;
  for (let part = GUTTER.from; part <= GUTTER.to; part += GUTTER.step) {
    const at = left + part * width;
    const across = segments.filter(({ x, right }) => x < at && right > at).length;
    if (across > ACROSS * segments.length || (best && across >= best.across)) continue;
    if (
      areColumns(
        segments.filter(({ right }) => right <= at),
        segments.filter(({ x }) => x >= at),
      )
    )
      best = { at, across };
  }
  return best?.at;
}

function areColumns(left: readonly Segment[], right: readonly Segment[]): boolean {
  if (left.length < COLUMN_LINES || right.length < COLUMN_LINES) return false;
  const [leftFrom, leftTo, rightFrom, rightTo] = [...rangeOf(left), ...rangeOf(right)] as [number, number, number, number];
  const shared = Math.min(leftTo, rightTo) - Math.max(leftFrom, rightFrom);
  if (shared < BESIDE * Math.min(leftTo - leftFrom, rightTo - rightFrom)) return false;
  const dates = right.filter(({ text }) => DATE_LIKE.test(text) && text.length <= 40).length;
  if (dates >= DATES * right.length) return false;
  // Cells of a table stand on the lines of those on their left; the lines of a column come close after each other, whatever is beside them.
  const dense = right.filter(({ y, height }, index) => index > 0 && y - (right[index - 1]?.y ?? 0) <= 2.6 * height).length;
  return dense >= 0.5 * (right.length - 1);
}

const rangeOf = (segments: readonly Segment[]): [number, number] => [
  Math.min(...segments.map(({ y }) => y)),
  Math.max(...segments.map(({ y }) => y)),
];

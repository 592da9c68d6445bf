import { periodsIn, type Period } from './periods.js';
import { ORGANISATION, TITLE } from './titles.js';
import { found, type Found, type Line, type Span } from './text.js';

export interface WorkEntry {
  readonly company: Found<string> | null;
  readonly position: Found<string> | null;
  readonly period: Period;
  readonly highlights: readonly Line[];
}

/** Between the parts of a line: bars, dots, tabs, two blanks or more. */
const PARTS = /\s*[|｜•·]\s*|\s{2,}|\s+[-–—]\s+|\s*[,，]\s*|\s+@\s+|\s+at\s+/;
const BULLET = /^(?:[-*•·▪◦●■‣–]|\d+[.)、])\s*/;
/** A line that is a phrase, not a sentence. */
const LONGEST_NAME = 60;

/** Positions with their companies and periods, in the order of the text. An entry begins at the line that has a period, or at the name above it. */
export function workIn(lines: readonly Line[]): readonly WorkEntry[] {
  const dated = lines.flatMap((line, index) => {
    const [period] = periodsIn(line);
    return period ? [{ index, period }] : [];
  });
  const heads = dated.map(({ index, period }, nth) => {
    const line = lines[index];
    const own = line ? partsOf(line, period) : [];
    const before = dated[nth - 1];
    // What stands between the entry before and this line may be this entry's: its company above its dates.
    const above = index - 1 > (before?.index ?? -1) ? lines[index - 1] : undefined;
    const below = index + 1 < (dated[nth + 1]?.index ?? lines.length) ? lines[index + 1] : undefined;
    return { index, period, own, above, below };
  });
  const entries: { entry: Omit<WorkEntry, 'highlights'>; from: number; to: number }[] = [];
  for (const { index, period, own, above, below } of heads) {
    let { company, position } = named(own);
    let from = index;
    let to = index + 1;
    if ((!company || !position) && above && isName(above) && entries.every((earlier) => earlier.to <= index - 1)) {
      const upper = named(partsOf(above));
      if ((!company && upper.company) || (!position && upper.position)) {
        company ??= upper.company;
        position ??= upper.position;
        from = index - 1;
      }
    }
    if ((!company || !position) && below && isName(below)) {
      const lower = named(partsOf(below));
      if ((!company && lower.company && !lower.position) || (!position && lower.position)) {
        company ??= lower.company;
        position ??= lower.position;
        to = index + 2;
      }
    }
    entries.push({ entry: { company, position, period }, from, to });
  }
  return entries.map(({ entry, to }, nth) => ({
    ...entry,
    highlights: lines.slice(to, entries[nth + 1]?.from ?? lines.length).map((line) => withoutBullet(line)),
  }));
}

/** Parts of a line with their places, without the period. */
function partsOf(line: Line, period?: Period): Found<string>[] {
  const cut = period ? [line.text.slice(0, period.start - line.start), line.text.slice(period.end - line.start)] : [line.text];
  let from = 0;
  return cut.flatMap((text) =>
    text
      .split(PARTS)
      .map((part) => part.replace(/^[\s()（）[\]:：,，#*]+|[\s()（）[\]:：,，*–—-]+$/g, ''))
      .filter((part) => part !== '' && /\p{L}/u.test(part))
      .map((part) => {
        const at = line.text.indexOf(part, from);
        from = at + part.length;
        return found(part, 0.8, { start: line.start + at, end: line.start + at + part.length });
      }),
  );
}

/** Which of the parts is the position, and which the company. */
function named(parts: readonly Found<string>[]): { company: Found<string> | null; position: Found<string> | null } {
  const isPosition = ({ value }: Found<string>): boolean => TITLE.test(value) && !/(?:公司|集团|大学|银行)$/.test(value);
  const position = parts.find((part) => isPosition(part) && !ORGANISATION.test(part.value)) ?? parts.find(isPosition) ?? null;
  const rest = parts.filter((part) => part !== position);
  const company = rest.find(({ value }) => ORGANISATION.test(value)) ?? rest[0] ?? null;
  // "字节跳动 高级工程师", with one blank between.
  if (position && !company) {
    const both = /^(\S*\p{Script=Han}\S*) (\S+)$/u.exec(position.value);
    const [, first, second] = both ?? [];
    if (first && second && TITLE.test(second) && !TITLE.test(first)) {
      const start = position.spans[0]?.start ?? 0;
      return {
        company: found(first, 0.7, { start, end: start + first.length }),
        position: found(second, 0.8, { start: start + first.length + 1, end: start + position.value.length }),
      };
    }
  }
  return { company: company && !ORGANISATION.test(company.value) ? { ...company, confidence: 0.65 } : company, position };
}

const isName = ({ text }: Line): boolean => text.length <= LONGEST_NAME && !BULLET.test(text) && !/[。.;；]$/.test(text);

function withoutBullet(line: Line): Line {
  const text = line.text.replace(BULLET, '');
  return { text, start: line.end - text.length, end: line.end };
}

/** Where an entry stands, for who wants to show it. */
export const spanOf = ({ company, position, period }: WorkEntry): readonly Span[] => [
  ...(company?.spans ?? []),
  ...(position?.spans ?? []),
  { start: period.start, end: period.end },
];

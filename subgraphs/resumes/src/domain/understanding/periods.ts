import type { Line, Span } from './text.js';

/** A month, or a year of which the month is not said. */
export interface YearMonth {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number | null;
}

export interface Period extends Span {
  readonly from: YearMonth;
  /** Null where it goes on. */
  readonly to: YearMonth | null;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`;
const year = String.raw`(?:19|20)\d{2}`;
const date = String.raw`(?:${monthName},?\s*${year}|${year}\s*年\s*\d{1,2}\s*月?|${year}\s*[./-]\s*(?:1[0-2]|0?[1-9])(?!\d)|(?:1[0-2]|0?[1-9])\s*[/.]\s*${year}|${year}\s*年?)`;
const ongoing = String.raw`(?:至今|现在|目前|今|present|current|now|ongoing|today)`;
const between = String.raw`\s*(?:--?|–|—|―|~|〜|至|到|\bto\b|\buntil\b)\s*`;
const range = new RegExp(String.raw`(?<![\d.])(${date})${between}(${date}|${ongoing})|(?<![\d.])(${date})\s*(至今)`, 'giu');

/** The periods that a line names. */
export function periodsIn(line: Line): readonly Period[] {
  return [...line.text.matchAll(range)].flatMap((match) => {
    const [whole, fromText = match[3], toText = match[4]] = match;
    const from = yearMonth(fromText ?? '');
    const to = new RegExp(`^${ongoing}$`, 'iu').test(toText ?? '') ? null : yearMonth(toText ?? '');
    if (!from || to === undefined || (to && indexOf(to, 12) < indexOf(from, 1))) return [];
    const start = line.start + match.index;
    return [{ from, to, start, end: start + whole.length }];
  });
}

/** A single date, as of a degree: `2019`, `June 2019`, `2019年6月`. */
export function datesIn(line: Line): readonly (YearMonth & Span)[] {
  return [...line.text.matchAll(new RegExp(String.raw`(?<![\d.])${date}(?!\d)`, 'giu'))].flatMap((match) => {
    const at = yearMonth(match[0]);
    const start = line.start + match.index;
    return at ? [{ ...at, start, end: start + match[0].length }] : [];
  });
}

/** Months of all periods together, each counted once; those that go on end in the month of `now`. */
export function monthsOf(periods: readonly Period[], now: Date): number {
  const current = now.getUTCFullYear() * 12 + now.getUTCMonth();
  const months = new Set<number>();
  for (const { from, to } of periods) {
    // A year alone is taken from its first month to the first of the last: 2019–2021 is two years.
    const first = indexOf(from, 1);
    const last = to === null ? current : to.month === null ? indexOf(to, 1) - 1 : indexOf(to, 1);
    for (let month = first; month <= Math.min(last, current); month += 1) months.add(month);
  }
  return months.size;
}

/** `2019-03`, or `2019`: the dates of JSON Resume. */
export const isoOf = ({ year: y, month }: YearMonth): string => (month === null ? String(y) : `${y}-${String(month).padStart(2, '0')}`);

const indexOf = ({ year: y, month }: YearMonth, missing: number): number => y * 12 + (month ?? missing) - 1;

function yearMonth(text: string): YearMonth | undefined {
  const y = Number(/(?:19|20)\d{2}/.exec(text)?.[0]);
  if (!Number.isInteger(y)) return undefined;
  const name = /[a-z]{3}/i.exec(text)?.[0].toLowerCase();
  if (name !== undefined) return { year: y, month: MONTHS.indexOf(name) + 1 || null };
  const number = Number(/\d{1,2}/.exec(text.replace(/(?:19|20)\d{2}/, ' '))?.[0]);
  return { year: y, month: number >= 1 && number <= 12 ? number : null };
}

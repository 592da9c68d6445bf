import { datesIn, isoOf, periodsIn } from './periods.js';
import { found, type Found, type Line } from './text.js';

export const degrees = ['high-school', 'associate', 'bachelor', 'master', 'doctor'] as const;
export type Degree = (typeof degrees)[number];

export interface EducationEntry {
  readonly institution: Found<string>;
  readonly degree: Found<Degree> | null;
  readonly area: Found<string> | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
}

const INSTITUTION =
  /(?:\p{Script=Han}{2,20}(?:大学|学院|职业技术学校|高等专科学校|中学))(?:\p{Script=Han}{2,12}学院)?|(?:(?:The )?University of (?:\p{Lu}[\p{L}.'-]+,? ?){1,4}(?:at \p{Lu}\p{L}+)?)|(?:\p{Lu}[\p{L}.&'-]*(?: (?:of|and|the|de|\p{Lu}[\p{L}.&'-]*)){0,5} (?:University|College|Institute of Technology|Institute|School|Academy|Polytechnic)(?: of \p{Lu}\p{L}+(?: \p{Lu}\p{L}+)*| \p{Lu}\p{Ll}+(?=$|\s{2}|[,|]))?)|\b(?:MIT|ETH Zurich|EPFL|Caltech)\b/u;
const DEGREES: readonly (readonly [Degree, RegExp])[] = [
  ['doctor', /博士|\bPh\.?\s?D\b\.?|\bDoctor(?:ate)?\b/i],
  ['master', /硕士|研究生|\bMaster(?:'s|s)?\b|\bM\.?\s?Sc\b\.?|\bM\.?S\.(?=\W|$)|\bMS\b|\bMBA\b|\bM\.?\s?Eng\b|\bM\.?A\.(?=\W|$)/],
  ['bachelor', /本科|学士|\bBachelor(?:'s|s)?\b|\bB\.?\s?Sc\b\.?|\bB\.?S\.(?=\W|$)|\bBS\b|\bB\.?\s?Eng\b|\bB\.?A\.(?=\W|$)|\bBA\b/],
  ['associate', /大专|专科|\bAssociate(?:'s)? (?:degree|of)\b/i],
  ['high-school', /高中|\bHigh School\b/i],
];
const AREAS = [
  /专业\s*[:：]\s*([^\s|,，;；]+)/u,
  /(\p{Script=Han}{2,14}?(?:工程|科学|技术|学|管理|设计|数学|经济|金融|会计|英语|软件|法律|传播|应用|语言))\s*(?:专业)?(?=\s|[|,，;；()（）]|$|本科|硕士|博士|学士)/u,
  /(?:Bachelor|Master|Doctor|Ph\.?\s?D|M\.?\s?Sc|B\.?\s?Sc|M\.?\s?Eng|B\.?\s?Eng|[MB]\.?S|[MB]\.?A|Degree)(?:'s)?\.?(?: degree)?(?: of (?:Science|Arts|Engineering|Business Administration|Philosophy|Technology))?,?(?: (?:in|of) | - |, |\s*[|·]\s*|\s)(\p{Lu}[\p{L}&]*(?: (?:and |of |& )?\p{Lu}[\p{L}&]*){0,4})/u,
];
/** An entry is a few lines; the next institution begins another. */
const ENTRY_LINES = 4;

/** Where somebody learnt, with degree, area and dates as far as they are near. */
export function educationIn(lines: readonly Line[]): readonly EducationEntry[] {
  const heads = lines.flatMap((line, index) => {
    const hit = INSTITUTION.exec(line.text);
    return hit ? [{ index, line, name: hit[0].trim().replace(/[,\s]+$/, ''), at: hit.index }] : [];
  });
  return heads.map(({ index, line, name, at }, nth) => {
    const next = heads[nth + 1]?.index ?? lines.length;
    // A date or a degree may stand on the line above, when it is nobody else's.
    const previous = heads[nth - 1];
    const above = index > 0 && (previous === undefined || index - previous.index > 1) && isBare(lines[index - 1]) ? 1 : 0;
    const own = lines.slice(index - above, Math.min(next, index + ENTRY_LINES));
    const institution = found(name, 0.85, { start: line.start + at, end: line.start + at + name.length });
    const text = (one: Line): Line => (one === line ? { ...one, text: one.text.replace(name, ' '.repeat(name.length)) } : one);
    const degree = firstOf(own, (one) => degreesIn(text(one))[0] ?? null);
    const area = firstOf(own, (one) => {
      for (const pattern of AREAS) {
        const hit = pattern.exec(text(one).text);
        const value = hit?.[1]?.trim();
        if (!hit || !value || INSTITUTION.test(value)) continue;
        const start = one.start + Math.max(one.text.indexOf(value, hit.index), 0);
        return found(value, 0.7, { start, end: start + value.length });
      }
      return null;
    });
    const period = own.flatMap((one) => periodsIn(one))[0];
    const date = period ? undefined : own.flatMap((one) => datesIn(one)).at(-1);
    return {
      institution,
      degree,
      area,
      startDate: period ? isoOf(period.from) : null,
      endDate: period ? (period.to ? isoOf(period.to) : null) : date ? isoOf(date) : null,
    };
  });
}

/** The degrees that a text names, each where it is named first. */
export function degreesIn(line: Line): readonly Found<Degree>[] {
  return DEGREES.flatMap(([degree, pattern]) => {
    const hit = pattern.exec(line.text);
    const start = line.start + (hit?.index ?? 0);
    return hit ? [found(degree, 0.85, { start, end: start + hit[0].length })] : [];
  });
}

/** A line of dates or a degree and little else. */
const isBare = (line: Line | undefined): boolean =>
  line !== undefined && line.text.length <= 60 && (periodsIn(line).length > 0 || DEGREES.some(([, pattern]) => pattern.test(line.text)));

function firstOf<T>(lines: readonly Line[], search: (line: Line) => Found<T> | null): Found<T> | null {
  for (const line of lines) {
    const hit = search(line);
    if (hit) return hit;
  }
  return null;
}

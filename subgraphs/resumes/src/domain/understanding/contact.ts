import type { Section } from './sections.js';
import { found, type Found, type Line, type Span } from './text.js';

export interface Contact {
  readonly name: Found<string> | null;
  readonly email: Found<string> | null;
  readonly phone: Found<string> | null;
  readonly urls: readonly Found<string>[];
  readonly location: Found<string> | null;
  /** What they call themselves, beside or below the name. */
  readonly label: Found<string> | null;
}

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;
const PHONES = [
  // Mainland mobile numbers, with or without the country code and blanks.
  /(?<![\d])(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)/,
  /(?<![\d/])\+\d{1,3}[\s.-]?(?:\(\d{1,4}\)[\s.-]?)?\d{1,4}(?:[\s.-]?\d{2,4}){2,4}(?!\d)/,
  /(?<![\d/])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)/,
  /(?<![\d/])0\d{2,3}-\d{7,8}(?!\d)/,
];
const URL = /(?:https?:\/\/|www\.)[^\s,，;；|]+|(?:github|gitlab|gitee|linkedin)\.com\/[^\s,，;；|]+/gi;
const LABELLED = {
  name: /(?:^|\s)(?:姓\s*名|name)\s*[:：]\s*([^|,，;；]+?)(?=\s{2,}|\s*[|,，;；]|\s+\S+[:：]|$)/iu,
  location:
    /(?:现居(?:住?地|城市)?|所在地|居住地|所在城市|现居|城市|地\s*址|通讯地址|location|address|based in)\s*[:：]?\s*([^|;；]+?)(?=\s{2,}|\s*[|;；]|\s+\S+[:：]|$)/iu,
} as const;
const CITY =
  /(?<!\p{Script=Han})(北京|上海|广州|深圳|杭州|南京|成都|武汉|西安|苏州|天津|重庆|长沙|郑州|青岛|厦门|合肥|大连|宁波|济南|福州|东莞|佛山|无锡|珠海|香港|台北|新加坡)市?(?!\p{Script=Han})/u;
const PLACE = /(?<![\p{L}])(\p{Lu}[\p{L}.'-]+(?: \p{Lu}[\p{L}.'-]+){0,2}, (?:[A-Z]{2}|\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?))(?![\p{L}])/u;
/** Lines from the top in which a name is looked for. */
const NAME_LINES = 6;
const CHINESE_NAME = /^\p{Script=Han}{2,4}(?:·\p{Script=Han}{2,8})?$/u;
const LATIN_NAME = /^\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}[\p{L}'’.-]*|de|van|von|der|da|la|bin|al)){1,3}$/u;
const NO_NAME = /简历|resume|curriculum|vitae|工程师|经理|engineer|developer|manager|designer|analyst|university|street|road/i;

/** Who it is, and how to reach them. What the top says counts before what stands elsewhere. */
export function contactOf(lines: readonly Line[], sections: readonly Section[], titles: RegExp): Contact {
  const header = sections[0]?.kind === 'header' ? sections[0].lines : [];
  const first = <T>(search: (line: Line) => Found<T> | null): Found<T> | null => {
    for (const line of lines) {
      const hit = search(line);
      if (hit) return hit;
    }
    return null;
  };
  const match = (pattern: RegExp, confidence: number, group = 0) =>
    first((line) => {
      const hit = pattern.exec(line.text);
      const value = hit?.[group]?.trim();
      return hit && value ? found(value, confidence, spanIn(line, value, hit.index)) : null;
    });
  const contact = sections.filter(({ kind }) => kind === 'contact').flatMap((section) => section.lines);
  const top = header.length > 0 ? header : lines.slice(0, NAME_LINES);
  const name = match(LABELLED.name, 0.95, 1) ?? nameAtTop([...top.slice(0, NAME_LINES), ...contact.slice(0, NAME_LINES)]);
  const phone = PHONES.map((pattern) => match(pattern, 0.9)).find((hit) => hit !== null) ?? null;
  return {
    name,
    email: match(EMAIL, 0.98),
    phone: phone && { ...phone, value: phone.value.replace(/\s+/g, ' ') },
    urls: lines.flatMap((line) =>
      [...line.text.matchAll(URL)].map((hit) => found(hit[0].replace(/[.)]+$/, ''), 0.9, spanIn(line, hit[0], hit.index))),
    ),
    location: match(LABELLED.location, 0.9, 1) ?? placeIn([...top, ...contact]),
    label: labelAtTop(top, titles),
  };
}

function nameAtTop(lines: readonly Line[]): Found<string> | null {
  for (const [index, line] of lines.entries()) {
    // A name may stand before other things on its line.
    const parts = line.text.split(/\s{2,}|\s*[|｜·•,，/]\s*/);
    const candidate = (parts.length > 1 ? parts : [line.text])[0]?.trim().replace(/^#+\s*/, '') ?? '';
    const spaced = candidate.replace(/^(\p{Script=Han})\s+(\p{Script=Han}{1,2})$/u, '$1$2');
    if (NO_NAME.test(spaced)) continue;
    const titled = LATIN_NAME.test(spaced) || isCapitals(spaced);
    if (CHINESE_NAME.test(spaced) || titled) return found(spaced, index === 0 ? 0.9 : 0.7, spanIn(line, candidate, 0));
    const both = /^(\p{Script=Han}{2,4})\s*[(（]?\s*([A-Z][\p{L}]+(?: [A-Z][\p{L}]+)+)\s*[)）]?$/u.exec(spaced);
    if (both?.[1]) return found(both[1], 0.85, spanIn(line, both[1], 0));
  }
  return null;
}

const isCapitals = (text: string): boolean => /^\p{Lu}{2,}(?: \p{Lu}{2,}){1,2}$/u.test(text);

function placeIn(lines: readonly Line[]): Found<string> | null {
  for (const line of lines) {
    const hit = CITY.exec(line.text) ?? PLACE.exec(line.text);
    if (hit?.[1]) return found(hit[1], 0.7, spanIn(line, hit[1], hit.index));
  }
  return null;
}

function labelAtTop(lines: readonly Line[], titles: RegExp): Found<string> | null {
  for (const line of lines.slice(0, NAME_LINES)) {
    const parts = line.text.split(/\s{2,}|\s*[|｜·•]\s*/).map((part) => part.replace(/^[^:：]{1,6}[:：]\s*/, '').trim());
    const label = parts.find((part) => part.length <= 60 && titles.test(part) && !EMAIL.test(part));
    if (label) return found(label, 0.75, spanIn(line, label, 0));
  }
  return null;
}

function spanIn(line: Line, value: string, from: number): Span {
  const at = Math.max(line.text.indexOf(value, from), 0);
  return { start: line.start + at, end: line.start + at + value.length };
}

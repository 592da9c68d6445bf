import { found, type Found, type Line } from './text.js';

export interface SpokenLanguage {
  /** ISO 639-1. */
  readonly language: string;
  /** As it is written: 流利, CET-6, Fluent; empty where nothing is said. */
  readonly fluency: string;
}

const NAMES: Readonly<Record<string, RegExp>> = {
  zh: /中文|汉语|普通话|国语|\b(?:Chinese|Mandarin)\b/i,
  en: /英语|英文|\bEnglish\b|\bCET-?[46]\b|(?:英语)?[四六]级|雅思|托福|\bIELTS\b|\bTOEFL\b|\bTEM-?[48]\b/i,
  ja: /日语|日文|\bJapanese\b|\bJLPT\b/i,
  ko: /韩语|韩文|\bKorean\b|\bTOPIK\b/i,
  fr: /法语|法文|\bFrench\b/i,
  de: /德语|德文|\bGerman\b/i,
  es: /西班牙语|\bSpanish\b/i,
  ru: /俄语|\bRussian\b/i,
  pt: /葡萄牙语|\bPortuguese\b/i,
  it: /意大利语|\bItalian\b/i,
  ar: /阿拉伯语|\bArabic\b/i,
  yue: /粤语|\bCantonese\b/i,
};
const FLUENCY =
  /母语|精通|流利|熟练|良好|一般|基础|日常交流|工作语言|CET-?[46](?:\s*[(（]?\d{3}\s*分?[)）]?)?|[四六]级|雅思\s*[\d.]*|托福\s*\d*|IELTS\s*[\d.]*|TOEFL\s*\d*|TEM-?[48]|JLPT\s*N[1-5]|N[1-5]\b|native(?: speaker)?|mother tongue|bilingual|fluent|proficient|professional(?: working)?(?: proficiency)?|full professional|advanced|intermediate|conversational|elementary|basic|beginner|limited working|\b[ABC][12]\b/i;

/** The languages that a section about them names; anywhere else only one with its fluency beside it counts. */
export function spokenIn(lines: readonly Line[], isOwnSection: boolean): readonly Found<SpokenLanguage>[] {
  const all = new Map<string, Found<SpokenLanguage>>();
  for (const line of lines) {
    for (const part of partsOf(line)) {
      for (const [language, pattern] of Object.entries(NAMES)) {
        const hit = pattern.exec(part.text);
        const fluency = FLUENCY.exec(part.text)?.[0].trim() ?? '';
        if (!hit || all.has(language) || (!isOwnSection && fluency === '')) continue;
        const start = part.start + hit.index;
        all.set(language, found({ language, fluency }, isOwnSection ? 0.9 : 0.7, { start, end: start + hit[0].length }));
      }
    }
  }
  return [...all.values()];
}

/** Languages stand one beside the other, each with its own fluency. */
function partsOf(line: Line): readonly Line[] {
  const parts: Line[] = [];
  for (const match of line.text.matchAll(/[^,，;；、|｜•·]+/g))
    parts.push({ text: match[0], start: line.start + match.index, end: line.start + match.index + match[0].length });
  return parts;
}

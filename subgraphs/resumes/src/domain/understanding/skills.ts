import { gazetteer, type SkillEntry } from './gazetteer.js';
import type { Section, SectionKind } from './sections.js';
import { found, type Found, type Line, type Span } from './text.js';

export interface Skill {
  readonly name: string;
  readonly group: string;
}

/** Cuts Chinese into words, the terms of the gazetteer each as one. Joined, the words are the text. */
export type WordCutter = (text: string) => readonly string[];

interface Known {
  readonly entry: SkillEntry;
  /** Its name is an everyday word, or a letter: it counts in lists only. */
  readonly needsList: boolean;
}

const known = new Map<string, Known>();
for (const entry of gazetteer) {
  for (const alias of entry.aliases) {
    const needsList = alias.endsWith('!');
    known.set(alias.replace(/!$/, '').toLowerCase(), { entry, needsList });
  }
}
const LONGEST_PHRASE = Math.max(...[...known.keys()].map((name) => name.split(' ').length));

/** The usual name of a skill by any of its names (`k8s` is Kubernetes); what is not known stays as it is. */
export const usualNameOf = (skill: string): string => known.get(skill.trim().toLowerCase())?.entry.name ?? skill.trim();

/** A word of Latin script with the signs that names of technologies have: C++, C#, .NET, CI/CD, Node.js, A/B. */
const TOKEN = /\.?[\p{Script=Latin}\d]+(?:[.+#/&-]+[\p{Script=Latin}\d]+)*[+#]*|\p{Script=Han}+(?:\n\p{Script=Han}+)*/gu;
const LISTED: ReadonlySet<SectionKind> = new Set(['skills']);
/** Words in a row with commas between are a list wherever they stand. */
const SEPARATED = /[,，、;；|｜/•·:：\n]/;

/** The skills that the text names, each once with every place it stands in. Where they are listed they are surer than in a sentence. */
export function skillsOf(sections: readonly Section[], cut: WordCutter): readonly Found<Skill>[] {
  const all = new Map<SkillEntry, { confidence: number; spans: Span[] }>();
  for (const section of sections) {
    const isList = LISTED.has(section.kind);
    const [first] = section.lines;
    if (!first) continue;
    // As one: in a narrow column a name goes on in the next line.
    const whole = { text: section.lines.map(({ text }) => text).join('\n'), start: first.start, end: section.end };
    for (const { entry, needsList, span } of namesIn(whole, cut)) {
      if (needsList && !isList && !isSeparated(whole, span)) continue;
      const kept = all.get(entry) ?? { confidence: 0, spans: [] };
      kept.confidence = Math.max(kept.confidence, isList ? 0.95 : needsList ? 0.6 : 0.8);
      kept.spans.push(span);
      all.set(entry, kept);
    }
  }
  return [...all].map(([{ name, group }, { confidence, spans }]) => found({ name, group }, confidence, ...spans));
}

function* namesIn(line: Line, cut: WordCutter): Generator<Known & { readonly span: Span }> {
  const words = [...line.text.matchAll(TOKEN)].flatMap((match) => wordsOf(match[0], match.index, cut));
  for (let index = 0; index < words.length;) {
    let taken = 0;
    for (let count = Math.min(LONGEST_PHRASE, words.length - index); count > 0; count -= 1) {
      const phrase = words.slice(index, index + count);
      const [first, last] = [phrase[0], phrase.at(-1)];
      if (!first || !last) break;
      const text = line.text.slice(first.at, last.at + last.text.length);
      // A phrase has single blanks, and none between Chinese and Latin.
      const phraseName = text.toLowerCase().replace(/\s+/g, ' ');
      const hit = known.get(phraseName) ?? known.get(phraseName.replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, ''));
      if (!hit) continue;
      yield { ...hit, span: { start: line.start + first.at, end: line.start + first.at + text.length } };
      taken = count;
      break;
    }
    const word = words[index];
    // Java8, Python3.11: the name and its version.
    const bare = taken === 0 ? /^([\p{L}+#]+?)[\d.]+$/u.exec(word?.text ?? '')?.[1] : undefined;
    const unversioned = bare === undefined ? undefined : known.get(bare.toLowerCase());
    if (word && bare !== undefined && unversioned)
      yield { ...unversioned, span: { start: line.start + word.at, end: line.start + word.at + bare.length } };
    // A/B and C/C++ are names; Java/Kotlin are two.
    if (taken === 0 && word && /[/&]/.test(word.text)) {
      const parts = [...word.text.matchAll(/[^/&]+/g)].map((part) => ({ text: part[0], at: word.at + part.index }));
      for (const part of parts) {
        const hit = known.get(part.text.toLowerCase());
        if (hit) yield { ...hit, span: { start: line.start + part.at, end: line.start + part.at + part.text.length } };
      }
    }
    index += Math.max(taken, 1);
  }
}

function wordsOf(text: string, at: number, cut: WordCutter): { readonly text: string; readonly at: number }[] {
  if (!/^\p{Script=Han}/u.test(text)) return [{ text: text.replace(/[.\-/&]+$/, ''), at }];
  let from = 0;
  return cut(text.replaceAll('\n', '')).map((word) => {
    while (text[from] === '\n') from += 1;
    const start = from;
    for (let left = word.length; left > 0; from += 1) if (text[from] !== '\n') left -= 1;
    return { text: text.slice(start, from), at: at + start };
  });
}

/** Between commas, or the line's ends. */
function isSeparated(line: Line, { start, end }: Span): boolean {
  const edges = [edgeOf(line.text, start - line.start - 1, -1), edgeOf(line.text, end - line.start, 1)].filter(
    (edge) => edge !== undefined,
  );
  // A line of one word is a list of nothing.
  return edges.some((edge) => edge !== '\n') && edges.every((edge) => SEPARATED.test(edge));
}

/** What comes first from there on but blanks. */
function edgeOf(text: string, from: number, step: 1 | -1): string | undefined {
  let at = from;
  while (text[at] === ' ') at += step;
  return text[at];
}

import { skillsOf, type Skill, type WordCutter } from '../understanding/skills.js';
import { toText } from '../understanding/text.js';
import { createQuoteFinder } from './find-quote.js';
import { UNKNOWN_GROUP } from './listed-terms.js';

/** Longer than the name of anything. */
const MAX_NAME = 60;

/** Whether no list has it: it is what it is called, and nothing else. */
export const isUnknown = ({ group }: Skill): boolean => group === UNKNOWN_GROUP;

/** Those of the names that stand in the words, each as the gazetteer has it, or as it is written there. */
export function skillsNamed(words: string, names: readonly string[], cut: WordCutter): readonly Skill[] {
  const finder = createQuoteFinder(words);
  const skills = names.flatMap((name): readonly Skill[] => {
    const span = name.length <= MAX_NAME ? finder.first(name) : undefined;
    if (!span) return [];
    const written = toText([words.slice(span.start, span.end).replace(/\s+/gu, ' ')]);
    return [knownAs(written, cut) ?? { name: written, group: UNKNOWN_GROUP }];
  });
  return [...new Map(skills.map((skill) => [skill.name, skill])).values()];
}

/** The entry that has this name, and not one that only a part of it has: `Java virtual machine` is more than Java. */
function knownAs(name: string, cut: WordCutter): Skill | undefined {
  const line = { text: name, start: 0, end: name.length };
  const all = skillsOf([{ kind: 'skills', heading: null, lines: [line], start: 0, end: name.length }], cut);
  return all.find(({ spans }) => spans.some(({ start, end }) => start === 0 && end === name.length))?.value;
}

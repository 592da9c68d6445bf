import type { Span } from '../understanding/text.js';
import type { Clause } from './job-clauses.js';

/** What a skill is grouped under that the gazetteer does not know. */
export const UNKNOWN_GROUP = 'other';

/** Between the items of a list. A slash and a hyphen are parts of names. */
const SEPARATOR = /\s*[,、|·•]\s*/gu;
/**
 * A name of one to four words in Latin script, with the signs that names have; of one letter, those of languages. Chinese has no blanks that tell a
 * name from a sentence.
 */
const NAME =
  /^[CR]$|^[A-Z][+#]+$|^(?=.*\p{Script=Latin}{2})[\p{Script=Latin}\d][\p{Script=Latin}\d+#./&'-]*(?: [\p{Script=Latin}\d+#./&'-]+){0,3}$/u;
/** Two names with a comma between are often a sentence; three are a list. */
const SHORTEST_LIST = 3;

/**
 * The names in lists under what a job requires or prefers: `Skills: Python, Kafka, Learning-to-Rank`. Such a list names skills, whether they are known
 * or not. A clause with one part that is no name is a sentence, and names none.
 */
export function listedTerms({ text, start, part }: Clause): readonly Span[] {
  if (part !== 'required' && part !== 'preferred') return [];
  const items: Span[] = [];
  let from = 0;
  for (const mark of [...text.matchAll(SEPARATOR), { index: text.length, 0: '' }]) {
    const item = text.slice(from, mark.index);
    const lead = item.length - item.trimStart().length;
    if (item.trim() !== '') items.push({ start: start + from + lead, end: start + from + item.trimEnd().length });
    from = mark.index + mark[0].length;
  }
  return items.length >= SHORTEST_LIST && items.every((item) => NAME.test(text.slice(item.start - start, item.end - start))) ? items : [];
}

/** Where a text has a name, in whatever case, with blanks or hyphens between its words, singular or plural. */
export function placesOf(term: string, text: string): readonly Span[] {
  const words = term
    .replace(/(?<=\p{L}{3})s$/u, '')
    .split(/[\s-]+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])${words.join(String.raw`[\s-]+`)}s?(?![\p{L}\p{N}])`, 'giu');
  return [...text.matchAll(pattern)].map(({ index, 0: hit }) => ({ start: index, end: index + hit.length }));
}

import { skillsOf, type Skill, type WordCutter } from '../understanding/skills.js';
import type { Section } from '../understanding/sections.js';
import { linesOf, type Span } from '../understanding/text.js';
import { evidenceIn, type Source } from './evidence.js';
import { importanceAt, type Clause } from './job-clauses.js';
import { listedTerms, UNKNOWN_GROUP } from './listed-terms.js';
import type { AskedOf, Importance, Requirement } from './requirement.js';
import { spanAt } from './span-at.js';

interface Named extends Span {
  readonly skill: Skill;
}

/** One skill, or several of which one is enough, with every place they are asked for in. */
interface Wanted {
  readonly anyOf: readonly Skill[];
  importance: Importance;
  inTitle: boolean;
  readonly spans: Span[];
}

/** What makes an everyday word the name of a technology where it is written as one: `experience in Go`, `Rust engineers`. */
const BEFORE = /(?:\b(?:and|or|in|using|with|of|know|knowledge)|[和或与及用悉通握]|\()\s*$/iu;
const AFTER =
  /^\s*(?:and|or|apis?|programming|language|developers?|engineers?|experience|skills|backend|services|(?:is|are) an? (?:plus|must)|语言|编程|工程师|开发|和|或)/iu;
const ONE_OF = /\b(?:one|any|either) (?:or more )?of\b|之一|其中一|任[意一]|至少(?:一|1)|一[种门]/iu;
const OR = /^\s*,?\s*(?:or|and\/or|或者?)\s*$/iu;
const LISTED = /^\s*[,、/]\s*$/u;

/** The skills that a job asks for. */
export function skillsAsked(job: Source<'job'>, clauses: readonly Clause[], cut: WordCutter): readonly Requirement<AskedOf<'skill'>>[] {
  const byClause = Map.groupBy(namedIn(job.text, clauses, cut), ({ start }) => spanAt(clauses, start));
  const all = new Map<string, Wanted>();
  for (const [clause, named] of byClause) {
    if (!clause) continue;
    for (const group of grouped(clause, named)) {
      const anyOf = [...new Map(group.map(({ skill }) => [skill.name, skill])).values()];
      const key = JSON.stringify(anyOf.map(({ name }) => name.toLowerCase()).toSorted());
      const importance = importanceAt(clause, group[0]?.start ?? clause.start);
      const wanted = all.get(key) ?? { anyOf, importance, inTitle: false, spans: [] };
      if (importance === 'required') wanted.importance = importance;
      if (clause.part === 'title') wanted.inTitle = true;
      wanted.spans.push(...group.map(({ start, end }) => ({ start, end })));
      all.set(key, wanted);
    }
  }
  const alone = new Map(
    [...all.values()].flatMap(({ anyOf: [one, ...others], importance }) =>
      one && others.length === 0 ? [[one.name, importance] as const] : [],
    ),
  );
  /** Who needs Java needs no more to have Java or Kotlin. */
  const isCovered = ({ anyOf, importance }: Wanted): boolean =>
    anyOf.length > 1 && anyOf.some(({ name }) => alone.get(name) === 'required' || alone.get(name) === importance);
  return [...all.values()]
    .filter((wanted) => !isCovered(wanted))
    .map(({ anyOf, importance, inTitle, spans }) => ({
      asked: { kind: 'skill', anyOf },
      importance,
      inTitle,
      evidence: evidenceIn(job, spans),
    }));
}

/** In the order of the text. Sentences name everyday words, too: those count where a list or their neighbours make them names. */
function namedIn(text: string, clauses: readonly Clause[], cut: WordCutter): readonly Named[] {
  const lines = linesOf(text);
  const as = (kind: Section['kind']): readonly Named[] =>
    skillsOf([{ kind, heading: null, lines, start: 0, end: text.length }], cut).flatMap(({ value: skill, spans }) =>
      spans.map((span) => ({ ...span, skill })),
    );
  const sure = as('summary');
  const known = new Set(sure.map(({ start }) => start));
  const written = as('skills').filter(({ start, end }) => {
    const clause = spanAt(clauses, start);
    if (known.has(start) || !clause || !/^\p{Lu}/u.test(text.slice(start, end))) return false;
    return (
      BEFORE.test(text.slice(Math.max(clause.start, start - 12), start)) || AFTER.test(text.slice(end, Math.min(clause.end, end + 16)))
    );
  });
  const found = [...sure, ...written];
  // What a list names beside what is known is a skill by its own name.
  const listed = clauses
    .flatMap((clause) => listedTerms(clause))
    .filter((term) => found.every(({ start, end }) => term.end <= start || end <= term.start))
    .map((term) => ({ ...term, skill: { name: text.slice(term.start, term.end), group: UNKNOWN_GROUP } }));
  return [...found, ...listed].toSorted((a, b) => a.start - b.start);
}

/** Alternatives stand together: `Java, Kotlin or Scala`, 熟悉 Java、Go 之一. */
function grouped(clause: Clause, named: readonly Named[]): readonly (readonly Named[])[] {
  if (ONE_OF.test(clause.text)) return [named];
  const groups: Named[][] = [];
  // What stands in a row until it is clear whether its end is an `or`.
  let row: Named[] = [];
  for (const [index, one] of named.entries()) {
    const before = named[index - 1];
    const between = before ? clause.text.slice(before.end - clause.start, one.start - clause.start) : '';
    if (before && OR.test(between)) {
      const open = row.length > 0 ? row : groups.pop();
      groups.push([...(open ?? []), one]);
      row = [];
      continue;
    }
    if (!LISTED.test(between)) groups.push(...row.splice(0).map((single) => [single]));
    row.push(one);
  }
  return [...groups, ...row.map((single) => [single])];
}

import { expectationsOf, type Expectation } from './expectation.ts';
import { NOT_SENT, type JournalEntry } from './journal.ts';

/** A template as the system of record answers it at the end. */
export interface RecordedTemplate {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly usage: number;
  readonly rating: number;
  readonly ratingCount: number;
  /** In hundredths, by user. */
  readonly ratings: ReadonlyMap<string, number>;
}

/** Something a client was told and the record does not hold, or the other way round. */
export interface Violation {
  readonly slug: string;
  readonly id?: string;
  readonly problem: string;
}

/** Means are compared as doubles of at most 5 with two decimals each: half a hundredth of a hundredth is beyond any rounding. */
const MEAN_TOLERANCE = 0.00005;

/** Compares the record with what clients were told. Every violation is an acknowledged write that is lost, or one that nobody sent. */
export function checkRecord(entries: readonly JournalEntry[], recorded: readonly RecordedTemplate[]): Violation[] {
  const expectations = expectationsOf(entries);
  const bySlug = new Map(recorded.map((template) => [template.slug, template]));
  const violations: Violation[] = [];
  for (const expectation of expectations.values()) {
    const template = bySlug.get(expectation.slug);
    const { slug } = expectation;
    if (!template) {
      if (expectation.mustExist) violations.push({ slug, problem: 'an acknowledged creation is missing' });
      continue;
    }
    const found = expectation.mayExist ? compare(expectation, template) : ['it is there after an acknowledged deletion'];
    violations.push(...found.map((problem) => ({ slug, id: template.id, problem })));
  }
  for (const { slug, id } of recorded) {
    if (!expectations.has(slug)) violations.push({ slug, id, problem: 'nobody created it' });
  }
  return [...violations, ...wrongRefusals(entries)];
}

function compare({ names, uses, ratings }: Expectation, template: RecordedTemplate): string[] {
  const problems: string[] = [];
  if (!names.has(template.name))
    problems.push(`its name is "${template.name}"; it can only be ${[...names].map((name) => `"${name}"`).join(' or ')}`);
  if (template.usage < uses.min || template.usage > uses.max) {
    problems.push(`it counts ${template.usage} uses; ${uses.min} were acknowledged and ${uses.max} sent`);
  }
  for (const user of new Set([...ratings.keys(), ...template.ratings.keys()])) {
    const actual = template.ratings.get(user) ?? null;
    const allowed = ratings.get(user) ?? new Set([null]);
    if (!allowed.has(actual)) problems.push(`user ${user} rated ${shown(actual)}; it can only be ${[...allowed].map(shown).join(' or ')}`);
  }
  if (template.ratingCount !== template.ratings.size)
    problems.push(`it counts ${template.ratingCount} ratings and has ${template.ratings.size}`);
  const mean =
    template.ratings.size === 0 ? 0 : [...template.ratings.values()].reduce((sum, one) => sum + one, 0) / 100 / template.ratings.size;
  if (Math.abs(mean - template.rating) > MEAN_TOLERANCE)
    problems.push(`its rating is ${template.rating}; the mean of its ratings is ${mean}`);
  return problems;
}

const shown = (hundredths: number | null): string => (hundredths === null ? 'nothing' : String(hundredths / 100));

/** A write was told that a template is not there although its creation was acknowledged before and no deletion had been sent. */
function wrongRefusals(entries: readonly JournalEntry[]): Violation[] {
  const creations = new Map(
    entries.filter(({ kind, outcome }) => kind === 'create' && outcome === 'acknowledged').map((entry) => [entry.slug, entry]),
  );
  const deletions = new Map(entries.filter(({ kind }) => kind === 'delete').map((entry) => [entry.slug, entry]));
  return entries.flatMap((entry) => {
    const { slug, kind, code } = entry;
    if (entry.outcome !== 'refused' || code === NOT_SENT) return [];
    if (code !== 'NOT_FOUND') return [{ slug, problem: `a ${kind} was refused with ${code}` }];
    const created = creations.get(slug);
    const deleted = deletions.get(slug);
    const wasThere = created?.answered !== undefined && created.answered <= entry.sent;
    const mayBeGone = deleted !== undefined && deleted.outcome !== 'refused' && deleted.sent < (entry.answered ?? Infinity);
    return wasThere && !mayBeGone ? [{ slug, problem: `a ${kind} was told that it is not there` }] : [];
  });
}

import type { JournalEntry } from './journal.ts';

/** What the record may hold of one template, given what clients were told. */
export interface Expectation {
  readonly slug: string;
  readonly mustExist: boolean;
  readonly mayExist: boolean;
  /** The last acknowledged name and those sent after it whose fate is unknown. */
  readonly names: ReadonlySet<string>;
  readonly uses: { readonly min: number; readonly max: number };
  /** By user the ratings it may have, in hundredths; `null` is none. Users without an entry never rated. */
  readonly ratings: ReadonlyMap<string, ReadonlySet<number | null>>;
}

interface Draft {
  mustExist: boolean;
  mayExist: boolean;
  names: Set<string>;
  uses: { min: number; max: number };
  ratings: Map<string, Set<number | null>>;
}

/**
 * Folds a journal. It must hold that the creation, changes and deletion of a template were sent one after the other, and so were one user's
 * ratings of it; uses may have been sent at once.
 */
export function expectationsOf(entries: readonly JournalEntry[]): Map<string, Expectation> {
  const drafts = new Map<string, Draft>();
  for (const entry of entries) {
    if (entry.outcome === 'refused') continue;
    const draft = drafts.get(entry.slug) ?? {
      mustExist: false,
      mayExist: false,
      names: new Set(),
      uses: { min: 0, max: 0 },
      ratings: new Map(),
    };
    drafts.set(entry.slug, draft);
    apply(draft, entry, entry.outcome === 'acknowledged');
  }
  return new Map([...drafts].map(([slug, draft]) => [slug, { slug, ...draft }]));
}

function apply(draft: Draft, { kind, value, userId }: JournalEntry, acknowledged: boolean): void {
  switch (kind) {
    case 'create':
      draft.mayExist = true;
      draft.mustExist = acknowledged;
      draft.names = new Set([String(value)]);
      return;
    case 'update':
      if (acknowledged) draft.names.clear();
      draft.names.add(String(value));
      return;
    case 'delete':
      draft.mustExist = false;
      if (acknowledged) draft.mayExist = false;
      return;
    case 'use':
      draft.uses.max += 1;
      if (acknowledged) draft.uses.min += 1;
      return;
    case 'rate': {
      const allowed = draft.ratings.get(userId) ?? new Set([null]);
      if (acknowledged) allowed.clear();
      allowed.add(Number(value));
      draft.ratings.set(userId, allowed);
    }
  }
}

import { checkRecord, type RecordedTemplate } from './check-record.ts';
import { Journal, NOT_SENT, type Write, type WriteOutcome } from './journal.ts';

const journalOf = (...writes: readonly [Omit<Write, 'slug' | 'userId'> & Partial<Write>, WriteOutcome, string?][]) => {
  const journal = new Journal();
  for (const [write, outcome, code] of writes) journal.begin({ slug: 't', userId: 'u', ...write })(outcome, code);
  return journal.entries;
};
const template = (changes: Partial<RecordedTemplate> = {}): RecordedTemplate => ({
  id: '1',
  slug: 't',
  name: 'a',
  usage: 0,
  rating: 0,
  ratingCount: 0,
  ratings: new Map(),
  ...changes,
});
const created = [{ kind: 'create', value: 'a' }, 'acknowledged'] as const;
const problems = (entries: ReturnType<typeof journalOf>, ...recorded: RecordedTemplate[]): string[] =>
  checkRecord(entries, recorded).map(({ problem }) => problem);

describe('creations and deletions', () => {
  it('must be there once acknowledged', () => {
    expect(problems(journalOf([...created]), template())).toEqual([]);
    expect(problems(journalOf([...created]))).toEqual(['an acknowledged creation is missing']);
  });

  it('may be there or not while unknown', () => {
    const entries = journalOf([{ kind: 'create', value: 'a' }, 'unknown']);
    expect(problems(entries)).toEqual([]);
    expect(problems(entries, template())).toEqual([]);
  });

  it('must stay deleted once acknowledged', () => {
    const entries = journalOf([...created], [{ kind: 'delete' }, 'acknowledged']);
    expect(problems(entries)).toEqual([]);
    expect(problems(entries, template())).toEqual(['it is there after an acknowledged deletion']);
  });

  it('may be either while the deletion is unknown', () => {
    const entries = journalOf([...created], [{ kind: 'delete' }, 'unknown']);
    expect(problems(entries)).toEqual([]);
    expect(problems(entries, template())).toEqual([]);
  });

  it('does not accept what nobody wrote', () => {
    expect(problems([], template())).toEqual(['nobody created it']);
  });
});

describe('names', () => {
  const update = (value: string, outcome: WriteOutcome) => [{ kind: 'update', value }, outcome] as const;

  it('must be the last acknowledged', () => {
    const entries = journalOf([...created], [...update('b', 'acknowledged')]);
    expect(problems(entries, template({ name: 'b' }))).toEqual([]);
    expect(problems(entries, template({ name: 'a' }))).toEqual(['its name is "a"; it can only be "b"']);
  });

  it('may be any unknown one sent after it, and none sent before', () => {
    const entries = journalOf([...created], [...update('b', 'unknown')], [...update('c', 'acknowledged')], [...update('d', 'unknown')]);
    expect(problems(entries, template({ name: 'c' }))).toEqual([]);
    expect(problems(entries, template({ name: 'd' }))).toEqual([]);
    expect(problems(entries, template({ name: 'b' }))).toHaveLength(1);
  });
});

describe('uses', () => {
  const entries = journalOf(
    [...created],
    [{ kind: 'use' }, 'acknowledged'],
    [{ kind: 'use' }, 'acknowledged'],
    [{ kind: 'use' }, 'unknown'],
  );

  it.each([2, 3])('may be %i of two acknowledged and three sent', (usage) => {
    expect(problems(entries, template({ usage }))).toEqual([]);
  });

  it.each([1, 4])('may not be %i', (usage) => {
    expect(problems(entries, template({ usage }))).toEqual([`it counts ${usage} uses; 2 were acknowledged and 3 sent`]);
  });
});

describe('ratings', () => {
  const entries = journalOf([...created], [{ kind: 'rate', value: 400 }, 'acknowledged'], [{ kind: 'rate', value: 100 }, 'unknown']);
  const rated = (hundredths: number) => template({ ratings: new Map([['u', hundredths]]), ratingCount: 1, rating: hundredths / 100 });

  it('must be the last acknowledged or an unknown one after it', () => {
    expect(problems(entries, rated(400))).toEqual([]);
    expect(problems(entries, rated(100))).toEqual([]);
    expect(problems(entries, rated(300))).toEqual(['user u rated 3; it can only be 4 or 1']);
    expect(problems(entries, template())).toEqual(['user u rated nothing; it can only be 4 or 1']);
  });

  it('must come from who sent them', () => {
    const foreign = template({
      ratings: new Map([
        ['u', 400],
        ['v', 400],
      ]),
      ratingCount: 2,
      rating: 4,
    });
    expect(problems(entries, foreign)).toEqual(['user v rated 4; it can only be nothing']);
  });

  it('must add up', () => {
    expect(problems(entries, { ...rated(400), rating: 3.99 })).toEqual(['its rating is 3.99; the mean of its ratings is 4']);
    expect(problems(entries, { ...rated(400), ratingCount: 2 })).toEqual(['it counts 2 ratings and has 1']);
  });
});

describe('refusals', () => {
  it('are wrong when they deny what was acknowledged', () => {
    expect(problems(journalOf([...created], [{ kind: 'use' }, 'refused', 'NOT_FOUND']), template())).toEqual([
      'a use was told that it is not there',
    ]);
  });

  it('are right once a deletion was sent', () => {
    const entries = journalOf([...created], [{ kind: 'delete' }, 'unknown'], [{ kind: 'use' }, 'refused', 'NOT_FOUND']);
    expect(problems(entries)).toEqual([]);
  });

  it('are wrong when the deletion came later', () => {
    const entries = journalOf([...created], [{ kind: 'use' }, 'refused', 'NOT_FOUND'], [{ kind: 'delete' }, 'acknowledged']);
    expect(problems(entries)).toEqual(['a use was told that it is not there']);
  });

  it('are right while the deletion is under way', () => {
    const journal = new Journal();
    journal.begin({ kind: 'create', slug: 't', userId: 'u', value: 'a' })('acknowledged');
    const use = journal.begin({ kind: 'use', slug: 't', userId: 'v' });
    const deletion = journal.begin({ kind: 'delete', slug: 't', userId: 'u' });
    use('refused', 'NOT_FOUND');
    deletion('acknowledged');
    expect(problems(journal.entries)).toEqual([]);
  });

  it('by nobody are no refusals, and any other reason is wrong', () => {
    expect(problems(journalOf([...created], [{ kind: 'use' }, 'refused', NOT_SENT]), template())).toEqual([]);
    expect(problems(journalOf([...created], [{ kind: 'update', value: 'b' }, 'refused', 'CONFLICT']), template())).toEqual([
      'a update was refused with CONFLICT',
    ]);
  });
});

describe('writes in flight', () => {
  it('count as unknown', () => {
    const journal = new Journal();
    journal.begin({ kind: 'create', slug: 't', userId: 'u', value: 'a' });
    expect(journal.count('unknown')).toBe(1);
    expect(problems(journal.entries)).toEqual([]);
  });
});

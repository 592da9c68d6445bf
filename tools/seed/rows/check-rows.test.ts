import type { SourceRow } from '../source/source-row.ts';
import { toBatches } from './batches.ts';
import { checkRows, type GoodRow, type Reject } from './check-rows.ts';
import { createRowMapper } from './map-row.ts';
import { checkTemplateRow } from './template-row.ts';

const fits = { slug: 'a', name: 'A', category: 'c' };
const problems = (fields: Record<string, unknown>): readonly string[] => {
  const checked = checkTemplateRow({ ...fits, ...fields });
  return checked.kind === 'fits' ? [] : checked.problems;
};

async function* source(rows: readonly Partial<SourceRow>[]): AsyncGenerator<SourceRow> {
  for (const [index, row] of rows.entries()) yield { row: index + 1, values: {}, ...row };
}

async function check(rows: readonly Partial<SourceRow>[], isText = false): Promise<{ good: GoodRow[]; rejects: Reject[] }> {
  const rejects: Reject[] = [];
  const mapper = createRowMapper({ mapping: {}, set: {}, isText });
  const good = await Array.fromAsync(
    checkRows(source(rows), { mapper, onRow: () => undefined, onReject: (reject) => rejects.push(reject) }),
  );
  return { good, rejects };
}

describe('checking rows', () => {
  it('lets bounds through and nothing beyond', () => {
    const emoji = '👩';
    expect(
      problems({
        name: emoji.repeat(200),
        tags: Array.from({ length: 50 }, () => 'x'.repeat(50)),
        difficulty: 5,
        estimatedTime: 10_080,
        content: 'x'.repeat(200_000),
      }),
    ).toEqual([]);
    expect(problems({ name: emoji.repeat(201) })).toEqual(['name has 201 characters; at most 200 fit']);
    expect(problems({ name: '' })).toEqual(['name is empty']);
    expect(problems({ tags: ['ok', ''] })).toEqual(['tags.1 is empty']);
    expect(problems({ difficulty: 6, estimatedTime: 1.5 })).toEqual(['difficulty is more than 5', 'estimatedTime is not a whole number']);
    expect(problems({ slug: 'A b', category: '', language: 'english!' })).toEqual([
      'slug takes lower-case letters, digits and single hyphens',
      'category is empty',
      'category takes lower-case letters, digits and single hyphens',
      'language is no BCP 47 tag such as zh or en-GB',
    ]);
  });

  it('names what is missing or of another kind', () => {
    expect(problems({ slug: undefined, name: 5, isActive: 'yes', variables: [], tags: 'a' })).toEqual([
      'slug is missing',
      'name is not a text',
      'variables is not an object',
      'isActive is neither true nor false',
      'tags is not a list',
    ]);
  });

  it('refuses texts that no database takes', () => {
    expect(problems({ name: 'a\0b' })).toEqual([expect.stringMatching(/^name has a character that databases refuse/)]);
    expect(problems({ variables: { deep: [{ 'k\ud800': 1 }] } })).toEqual([expect.stringMatching(/^variables has a character/)]);
  });

  it('goes on with the good rows and gives row, key and reasons of the others', async () => {
    const { good, rejects } = await check([
      { values: fits },
      { values: { ...fits, name: 'second' } },
      { values: { name: 'No slug', category: 'c' } },
      { values: {}, problem: 'is not an object' },
      { values: { ...fits, slug: 'b' } },
    ]);
    expect(good.map(({ row }) => row)).toEqual([1, 5]);
    expect(rejects).toEqual([
      { row: 2, key: 'a', problems: ['slug is that of row 1, too'] },
      { row: 3, key: 'No slug', problems: ['slug is missing'] },
      { row: 4, key: '', problems: ['is not an object'] },
    ]);
  });

  it('does not call a value missing that could not be read', async () => {
    const { rejects } = await check([{ line: 2, values: { ...fits, difficulty: 'hard' } }], true);
    expect(rejects).toEqual([{ row: 1, line: 2, key: 'a', problems: ['difficulty: "hard" is not a number'] }]);
  });
});

describe('batches', () => {
  async function* rows(contents: readonly string[]): AsyncGenerator<GoodRow> {
    for (const [index, content] of contents.entries()) yield { row: index + 1, template: { ...fits, slug: `s${index}`, content } };
  }
  const cut = async (contents: readonly string[], options: { size: number; maxBytes: number }) => {
    const rejects: Reject[] = [];
    const batches = await Array.fromAsync(toBatches(rows(contents), { ...options, onReject: (reject) => rejects.push(reject) }));
    return { sizes: batches.map((batch) => batch.map(({ row }) => row)), rejects };
  };

  it('holds at most so many rows', async () => {
    expect((await cut(['', '', '', '', ''], { size: 2, maxBytes: 1_000_000 })).sizes).toEqual([[1, 2], [3, 4], [5]]);
    expect((await cut([], { size: 2, maxBytes: 1_000_000 })).sizes).toEqual([]);
  });

  it('fits into a request; a row that does not is rejected', async () => {
    const { sizes, rejects } = await cut(['x'.repeat(600), '字'.repeat(300), 'x'.repeat(3_000), 'x'], { size: 10, maxBytes: 2_500 });
    expect(sizes).toEqual([[1], [2, 4]]);
    expect(rejects).toEqual([
      { row: 3, key: 's2', problems: [expect.stringMatching(/^takes 3\d\d\d bytes; requests of 2500 are accepted/)] },
    ]);
  });
});

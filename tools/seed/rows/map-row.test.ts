import { createRowMapper } from './map-row.ts';
import { parseMapping } from './mapping.ts';

const map = (values: Record<string, unknown>, options: { mapping?: unknown; set?: Record<string, string>; isText?: boolean } = {}) => {
  const mapper = createRowMapper({ mapping: parseMapping(options.mapping ?? {}), set: options.set ?? {}, isText: options.isText ?? false });
  return { ...mapper.map({ row: 1, values }), ignored: mapper.ignoredColumns(), missing: mapper.missingColumns() };
};

describe('filling fields from columns', () => {
  it('takes columns of the same name and names the others as ignored', () => {
    expect(map({ slug: 'a', name: 'A', title: 'T', author: 'X' })).toEqual({
      fields: { slug: 'a', name: 'A' },
      problems: [],
      ignored: ['title', 'author'],
      missing: [],
    });
  });

  it('takes mapped columns instead, splits, translates and converts', () => {
    const mapping = {
      name: 'title',
      tags: { from: 'keywords', split: '|', map: { js: 'JavaScript' } },
      difficulty: { from: 'level', map: { easy: 1 } },
      estimatedTime: { from: 'minutes', type: 'number' },
      variables: { from: 'vars', type: 'json' },
    };
    const values = { title: 'T', name: 'not this', keywords: ' js | css |', level: 'easy', minutes: '20', vars: '{"a":1}' };
    expect(map(values, { mapping })).toMatchObject({
      fields: { name: 'T', tags: ['JavaScript', 'css'], difficulty: 1, estimatedTime: 20, variables: { a: 1 } },
      ignored: ['name'],
    });
  });

  it('has constants win over the mapping, and defaults fill what is empty', () => {
    const mapping = { language: { from: 'lang', default: 'en' }, industry: { from: 'lang' }, content: null };
    expect(
      map({ lang: '', content: 'left out' }, { mapping, set: { industry: 'Finance', isActive: 'no', tags: 'a, b' }, isText: true }).fields,
    ).toEqual({
      language: 'en',
      industry: 'Finance',
      isActive: false,
      tags: ['a', 'b'],
    });
  });

  it('reads texts of CSV as what their field takes, and JSON values as they are', () => {
    const values = { difficulty: '3', isActive: 'TRUE', tags: 'a,b', variables: '{}', name: '42' };
    expect(map(values, { isText: true }).fields).toEqual({ difficulty: 3, isActive: true, tags: ['a', 'b'], variables: {}, name: '42' });
    expect(map(values).fields).toEqual(values);
  });

  it('takes an empty cell as not given, and null as emptying the fields that may be empty', () => {
    expect(map({ name: '', preview: ' ' }, { isText: true }).fields).toEqual({});
    expect(map({ name: null, preview: null, industry: null }).fields).toEqual({ preview: null, industry: null });
  });

  it('says which value cannot be read', () => {
    expect(map({ difficulty: 'hard', isActive: 'perhaps', variables: '{' }, { isText: true }).problems).toEqual([
      'variables: "{" is not JSON',
      'isActive: "perhaps" is neither true nor false',
      'difficulty: "hard" is not a number',
    ]);
  });

  it('names mapped columns that no row has', () => {
    expect(map({ slug: 'a' }, { mapping: { name: 'titel' } }).missing).toEqual(['titel']);
  });

  it.each([
    [{ titel: 'x' }, /no field is called titel; there are slug, name/],
    [{ name: 5 }, /name takes a column name/],
    [{ name: { from: 'x', splitt: ',' } }, /name takes a column name|splitt/],
    [[], /it /],
  ])('refuses the mapping %j', (mapping, complaint) => {
    expect(() => parseMapping(mapping)).toThrow(complaint);
  });

  it('refuses constants for what is no field, or does not fit', () => {
    expect(() => map({}, { set: { titel: 'x' } })).toThrow(/no field is called titel/);
    expect(() => map({}, { set: { difficulty: 'x' } })).toThrow('--set difficulty: "x" is not a number');
  });
});

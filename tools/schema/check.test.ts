import { buildSchema, parse } from 'graphql';
import { checkSchema } from './check.ts';
import { renderReport } from './render.ts';

const BEFORE = buildSchema('type Query { a: Int b: Int c(first: Int): Int e: E } enum E { X }');
const AFTER = buildSchema('type Query { a: Int c(first: Int!): Int e: E } enum E { X Y }');
const operation = (name: string, text: string) => ({ name, text, document: parse(text), count: 1 });
const check = (...operations: readonly ReturnType<typeof operation>[]) => checkSchema({ before: BEFORE, after: AFTER, operations });

describe('checkSchema', () => {
  it('counts every breaking change without operations', () => {
    const report = checkSchema({ before: BEFORE, after: AFTER, operations: undefined });
    expect(report).toMatchObject({ isBreaking: true, isDangerous: true, operations: undefined });
    expect(report.changes.map(({ severity, description, usedBy }) => [severity, description, usedBy])).toEqual([
      ['breaking', 'Query.b was removed.', undefined],
      ['breaking', 'Query.c arg first has changed type from Int to Int!.', undefined],
      ['dangerous', 'Y was added to enum type E.', undefined],
    ]);
  });

  it('is not breaking where no operation uses what changed', () => {
    const report = check(operation('A', '{ a }'), operation('Typename', '{ __typename }'));
    expect(report).toMatchObject({ isBreaking: false, isDangerous: false, operations: 2, broken: [] });
    expect(report.changes.map(({ usedBy }) => usedBy)).toEqual([[], [], []]);
    expect(renderReport(report, { against: 'main' })).toMatch(
      /unused breaking.*Query\.b was removed.*none[^]*2 breaking and 1 dangerous changes against main; none of 2 recorded operations breaks\.\n$/,
    );
  });

  it('names the operations that break', () => {
    const report = check(
      operation('A', '{ a }'),
      operation('B', '{ b }'),
      operation('First', 'query ($n: Int) { c(first: $n) }'),
      operation('E', '{ e }'),
    );
    expect(report).toMatchObject({ isBreaking: true, isDangerous: true });
    expect(report.changes.map(({ usedBy }) => usedBy)).toEqual([['B'], ['First'], ['E']]);
    expect(report.broken).toEqual([
      { operation: 'B', reason: expect.stringContaining('Cannot query field "b"') },
      { operation: 'First', reason: expect.stringContaining('used in position expecting type "Int!"') },
    ]);
    expect(renderReport(report, { against: 'main' })).toContain('2 of 4 recorded operations break.');
  });

  it('counts an argument that is required from now on for those who leave it out', () => {
    const report = check(operation('C', '{ c }'));
    expect(report.changes.map(({ usedBy }) => usedBy)).toEqual([[], ['C'], []]);
  });

  it('leaves out operations that did not fit before', () => {
    const report = check(operation('Old', '{ removedLongAgo b }'), operation('A', '{ a }'));
    expect(report).toMatchObject({ isBreaking: false, ignored: ['Old'], operations: 1 });
    expect(renderReport(report, { against: 'main' })).toContain('Not looked at, as they do not fit main: Old');
  });

  it('says that nothing changed', () => {
    const report = checkSchema({ before: BEFORE, after: BEFORE, operations: [operation('A', '{ a }')] });
    expect(renderReport(report, { against: 'main' })).toBe(
      '0 breaking and 0 dangerous changes against main; none of 1 recorded operations breaks.\n',
    );
  });
});

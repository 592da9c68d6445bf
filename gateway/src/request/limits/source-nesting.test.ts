import { parse } from 'graphql';
import { assertNestingWithin, MAX_NESTING } from './source-nesting.js';

const tooDeep = expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', limit: 'nesting' });
const refused = (source: string, max?: number): unknown => {
  try {
    assertNestingWithin(source, max);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('assertNestingWithin', () => {
  it('counts selection sets, arguments, lists and objects alike', () => {
    expect(refused('{ a(x: [{ y: [1] }]) { b } }', 5)).toBeUndefined();
    expect(refused('{ a(x: [{ y: [1] }]) { b } }', 4)).toEqual(tooDeep);
  });

  it('passes over brackets in strings, block strings and comments', () => {
    const brackets = '{[('.repeat(50);
    expect(refused(`{ a(x: "${brackets}\\"${brackets}", y: """${brackets}\\"""${brackets}""") # ${brackets}\n }`, 2)).toBeUndefined();
  });

  it('goes on after a string that is not closed on its line', () => {
    expect(refused(`{ a(x: "open\n${'{'.repeat(10)}`, 5)).toEqual(tooDeep);
  });

  it.each(['"', '"""', '"""\\"""', '#', '"\\', '}}}}', ''])('comes to an end for %j', (source) => {
    expect(refused(source, 1)).toBeUndefined();
  });

  it('CVE-2023-28867, CVE-2022-21708: refuses what would overflow the stack of a recursive parser', () => {
    for (const [open, close] of [
      ['{a', '}'],
      ['{a(x:[', '])}'],
    ] as const) {
      expect(refused(`query ${open.repeat(100_000)}${close.repeat(100_000)}`)).toEqual(tooDeep);
    }
    expect(refused(`{ a(x: ${'['.repeat(200_000)}`)).toEqual(tooDeep);
  });

  it('lets pass only what the parser has room for', () => {
    const selections = `${'{a'.repeat(MAX_NESTING)}${'}'.repeat(MAX_NESTING)}`;
    const values = `{a(x:${'['.repeat(MAX_NESTING - 2)}1${']'.repeat(MAX_NESTING - 2)})}`;
    for (const source of [selections, values]) {
      expect(refused(source)).toBeUndefined();
      expect(() => parse(source)).not.toThrow();
    }
  });
});

import { assertStorableText } from './storable-text.js';

describe('assertStorableText', () => {
  it('lets every other text through', () => {
    expect(() =>
      assertStorableText({ name: '简历 \u0001', tags: ['a'], variables: { deep: [{ x: null, y: 1 }] }, at: new Date() }),
    ).not.toThrow();
  });

  it('names where the character is', () => {
    expect(() => assertStorableText({ variables: { deep: ['ok', 'a\0b'] } })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('input.variables.deep.1') as string }),
    );
    expect(() => assertStorableText({ variables: { 'a\0': 1 } })).toThrow(/a name in input.variables/);
  });

  it('refuses halves of surrogate pairs, which a store would replace without a word', () => {
    for (const text of ['\ud800', 'a\udfffb', '\udc00\ud800'])
      expect(() => assertStorableText({ name: text })).toThrow(/input\.name holds half/);
    expect(() => assertStorableText({ name: '😀' })).not.toThrow();
  });

  it('refuses what is nested too deep, however deep: the stack must not overflow', () => {
    const nested = (levels: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level++) value = { a: value };
      return value;
    };
    expect(() => assertStorableText(nested(60))).not.toThrow();
    for (const levels of [65, 100_000]) {
      expect(() => assertStorableText(nested(levels))).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    }
  });
});

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
});

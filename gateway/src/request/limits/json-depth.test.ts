import { assertJsonDepthWithin } from './json-depth.js';

const tooDeep = expect.objectContaining({
  code: 'BAD_REQUEST',
  limit: 'jsonDepth',
  message: expect.stringContaining('at most 4 are allowed'),
});
const refused = (text: string, max = 4): unknown => {
  try {
    assertJsonDepthWithin(text, max);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('assertJsonDepthWithin', () => {
  it('counts objects and lists', () => {
    expect(refused('{"variables":{"a":[{"b":1}]}}')).toBeUndefined();
    expect(refused('{"variables":{"a":[{"b":[]}]}}')).toEqual(tooDeep);
  });

  it('passes over brackets in strings, escaped quotes included', () => {
    expect(refused('{"query":"{ a(x: \\"[[[[[[\\") { b { c { d { e } } } } }","k\\\\":"[[[[["}')).toBeUndefined();
    expect(refused('{"a\\\\":[[[[[[]]]]]]}')).toEqual(tooDeep);
  });

  it('leaves a string without an end to the parser', () => {
    expect(refused(`{"a":"${'['.repeat(100)}`)).toBeUndefined();
  });

  it('refuses a body of nothing but brackets without parsing it', () => {
    expect(refused('['.repeat(500_000))).toEqual(tooDeep);
    expect(refused('{"a":'.repeat(100_000))).toEqual(tooDeep);
  });
});

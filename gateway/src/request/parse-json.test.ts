import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it.each([
    ['{"a":[1,null]}', { a: [1, null] }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['{"a":"__proto__"}', { a: '__proto__' }],
    [String.raw`{"a":"\u00e9"}`, { a: 'é' }],
  ])('%s', (text, value) => expect(parseJson(text)).toEqual(value));

  it.each([
    '',
    '{',
    '\uFEFF\uFEFF{}',
    "{'a':1}",
    '{"a":1}x',
    '{"__proto__":{}}',
    '{"variables":{"list":[{"__proto__":null}]}}',
    String.raw`{"variables":{"\u005f_proto\u005F_":1}}`,
  ])('refuses %s', (text) => expect(() => parseJson(text)).toThrow(SyntaxError));

  it('takes any depth', () => {
    const depth = 200_000;
    const text = `${'['.repeat(depth)}"__proto__"${']'.repeat(depth)}`;
    expect(() => parseJson(text)).not.toThrow();
  });
});

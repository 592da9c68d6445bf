import { rememberLast } from './remember-last.js';

describe('rememberLast', () => {
  const parse = (): [(text: string) => unknown, () => number] => {
    let calls = 0;
    const read = rememberLast((text): unknown => {
      calls += 1;
      return JSON.parse(text);
    });
    return [read, () => calls];
  };

  it('reads a text again only after another one', () => {
    const [read, calls] = parse();
    expect(read('{"a":1}')).toBe(read('{"a":1}'));
    expect(calls()).toBe(1);
    expect([read('[2]'), read('{"a":1}')]).toEqual([[2], { a: 1 }]);
    expect(calls()).toBe(3);
  });

  it('keeps neither a failure nor a long text', () => {
    const [read, calls] = parse();
    expect(() => read('{')).toThrow(SyntaxError);
    expect(() => read('{')).toThrow(SyntaxError);
    const long = JSON.stringify('x'.repeat(70_000));
    expect(read(long)).toBe(read(long));
    expect(calls()).toBe(4);
  });
});

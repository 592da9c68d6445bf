import { mergeComposite, mergeInto } from './merge.js';

describe('mergeInto', () => {
  it('adds what is missing or null, and keeps leaves that are there', () => {
    const target = { a: 1, b: null, c: { d: 1 } };
    mergeInto(target, { a: 2, b: 3, c: { e: 2 }, f: [1] });
    expect(target).toEqual({ a: 1, b: 3, c: { d: 1, e: 2 }, f: [1] });
  });

  it('merges lists item by item, nested ones too', () => {
    const target = { list: [{ a: 1 }, null, [{ b: 1 }]] };
    mergeInto(target, { list: [{ x: 1 }, { x: 2 }, [{ x: 3 }]] });
    expect(target).toEqual({ list: [{ a: 1, x: 1 }, { x: 2 }, [{ b: 1, x: 3 }]] });
  });

  it('does not let an answer set a prototype', () => {
    const target: Record<string, unknown> = {};
    mergeInto(target, JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}'));
    mergeInto(target, JSON.parse('{"a":{"__proto__":{"polluted":true},"b":1}}'));
    expect(target['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('mergeComposite', () => {
  it('gives each path a composite value of its own', () => {
    const added = { name: 'x' };
    const first = mergeComposite(undefined, added, false);
    const second = mergeComposite(undefined, added, true);
    expect([first === added, second === added, second]).toEqual([true, false, { name: 'x' }]);
  });

  it('keeps what is there when nothing is added', () => {
    const present = { a: 1 };
    expect([mergeComposite(present, null, false), mergeComposite(undefined, null, false)]).toEqual([present, null]);
  });
});

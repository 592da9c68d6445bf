import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is the same for the same value, however it was built', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], c: undefined })).toBe('{"a":[true,null,"x"],"b":1}');
    expect(canonicalJson({ a: { d: 2, c: 1 }, 10: 0, 9: 0 })).toBe('{"10":0,"9":0,"a":{"c":1,"d":2}}');
  });

  // RFC 8785, section 3.2.3
  it('orders names by code units', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const value = Object.fromEntries(names.map((name) => [name, name]));
    expect(
      Object.values(
        JSON.parse(
          `[${canonicalJson(value)
            .slice(1, -1)
            .replaceAll(/"[^"]*":/g, '')}]`,
        ),
      ),
    ).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  });

  it('has no form for what JSON cannot hold', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('no JSON form');
  });
});

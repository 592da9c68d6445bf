import { firstDifference } from './first-difference.ts';

describe('firstDifference', () => {
  it('names the first line that differs', () => {
    expect(firstDifference('a\nb\nc\n', 'a\nB\nc\n')).toBe('2: "b" should be "B"');
  });

  it('sees a line that is missing at the end', () => {
    expect(firstDifference('a\n', 'a\nb\n')).toBe('2: "" should be "b"');
  });

  it('sees a line too many at the end', () => {
    expect(firstDifference('a\nb\n', 'a\n')).toBe('2: "b" should be ""');
  });
});

import { lostByHive } from './lost-by-hive.js';
import { planned } from './planners.fixture.js';

describe('lostByHive', () => {
  it.each([
    ['{ me @skip(if: true) { name } }', undefined],
    ['{ find(email: "u8@example.com") }', undefined],
    ['{ find(text: "1e400", x: 1.5e3) }', undefined],
    ['{ me @mark { find(email: "u8@example.com") } }', { reason: 'it has a directive other than @skip and @include', isUsable: true }],
    ['{ find(x: 1e400) }', { reason: 'it has a number too large for a double', isUsable: false }],
  ])('%s', (text, expected) => {
    expect(lostByHive(planned(text))).toEqual(expected);
  });
});

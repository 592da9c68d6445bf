import { expect, test } from '@jest/globals';
import { chooseNamed } from './choose-named.ts';

const all = [{ name: 'heavy' }, { name: 'coalesced' }, { name: 'wide' }];

test('those that are named, in their own order; all where none is', () => {
  expect(chooseNamed(all, ['wide', 'heavy'], 'scenario').map(({ name }) => name)).toEqual(['heavy', 'wide']);
  expect(chooseNamed(all, undefined, 'scenario')).toBe(all);
});

test('a name that is not there is refused with those that are', () => {
  expect(() => chooseNamed(all, ['heavy', 'light'], 'scenario')).toThrow(
    'There is no scenario "light". There are: heavy, coalesced, wide.',
  );
});

import { expect, test } from '@jest/globals';
import { segment } from '@loomgraph/stores/vectors';
import { wordOf } from './unique-word.ts';

test('every number has a word of its own that search takes for one word', () => {
  const words = Array.from({ length: 20_001 }, (_, number) => wordOf(number));
  expect(new Set(words).size).toBe(words.length);
  for (const word of [words[0], words[7], words[20_000]] as string[]) expect(segment(word).trim()).toBe(word);
});

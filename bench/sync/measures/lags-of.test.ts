import { expect, test } from '@jest/globals';
import { lagsOf } from './lags-of.ts';

test('a change is timed to the first arrival that holds it, in the target that was asked for', () => {
  const changes = [1, 2, 100, 2, 2, 100];
  const arrivals = ['graph', 1, 2, 101, 'vectors', 1, 1, 105, 'vectors', 1, 2, 130, 'vectors', 2, 2, 110, 'vectors', 1, 3, 190];
  expect(lagsOf(changes, arrivals, 'vectors')).toEqual({ sorted: [10, 30], unseen: 0 });
});

test('changes of one record that were delivered together each count from their own commit', () => {
  expect(lagsOf([7, 2, 100, 7, 3, 150], ['cache', 7, 3, 200], 'cache')).toEqual({ sorted: [50, 100], unseen: 0 });
});

test('a change that never came is told, not left out', () => {
  expect(lagsOf([7, 2, 100, 8, 2, 100], ['cache', 7, 1, 200], 'cache')).toEqual({ sorted: [], unseen: 2 });
});

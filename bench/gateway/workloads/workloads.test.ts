import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { createMonolith } from '../graph/monolith.ts';
import { composeSupergraph } from '../graph/supergraph.ts';
import { createWorkload, WORKLOADS } from './workloads.ts';

const SEED = 7;
const supergraph = composeSupergraph({
  accounts: 'http://127.0.0.1:1',
  inventory: 'http://127.0.0.1:2',
  products: 'http://127.0.0.1:3',
  reviews: 'http://127.0.0.1:4',
});
const answer = createMonolith(SEED, supergraph);

test.each(WORKLOADS)('%s: every checked operation has an answer without errors', (name) => {
  const { operation, checked } = createWorkload(name, SEED);
  for (let index = 0; index < checked; index++) expect(answer(operation(index))).toEqual({ data: expect.any(Object) });
});

test('the heavy answer is as large as that of the public benchmark, whatever the seed', () => {
  for (const seed of [1, SEED]) {
    const size = JSON.stringify(createMonolith(seed, supergraph)(createWorkload('heavy', seed).operation(0))).length;
    expect(size).toBeGreaterThan(83_000);
    expect(size).toBeLessThan(91_000);
  }
});

test('the same seed and index is the same operation, another seed another', () => {
  const texts = (seed: number): string[] =>
    Array.from({ length: 50 }, (_, index) => JSON.stringify(createWorkload('cold', seed).operation(index)));
  expect(texts(SEED)).toEqual(texts(SEED));
  expect(texts(SEED)).not.toEqual(texts(SEED + 1));
});

test('no two cold operations are alike, names of operations aside', () => {
  const { operation } = createWorkload('cold', SEED);
  const texts = Array.from({ length: 2_000 }, (_, index) => operation(index).query.replace(/^query \w+/, 'query'));
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts.slice(0, 200)) expect(() => parse(text)).not.toThrow();
});

import type { Requirement } from '../planning/plan.js';
import { fixtureTypes } from './plan-test-types.fixture.js';
import { createRepresentationWriters } from './representations.js';

const field = (name: string, selections?: readonly Requirement[]): Requirement => ({
  kind: 'field',
  readFrom: [name],
  writeTo: name,
  selections,
});
const on = (onType: string, ...selections: Requirement[]): Requirement => ({ kind: 'fragment', onType, selections });

describe('createRepresentationWriters', () => {
  const writers = createRepresentationWriters(
    [
      on('Book', field('__typename'), field('id')),
      on('Person', field('__typename'), field('id'), field('address', [field('city'), field('tags')])),
    ],
    fixtureTypes,
  );

  it('writes what is required of each type, and nothing else', () => {
    expect(writers('Book')?.write({ __typename: 'Book', id: 'a"b', title: 'x' })).toBe('{"__typename":"Book","id":"a\\"b"}');
    expect(writers('Film')).toBeUndefined();
    expect(writers(undefined)).toBeUndefined();
  });

  it('writes nested values, lists of them and nulls', () => {
    const write = writers('Person')!.write;
    const person = { __typename: 'Person', id: 1 };
    expect(write({ ...person, address: { city: 'X', tags: ['a'], zip: 1 } })).toBe(
      '{"__typename":"Person","id":1,"address":{"city":"X","tags":["a"]}}',
    );
    expect(write({ ...person, address: null })).toBe('{"__typename":"Person","id":1,"address":null}');
    expect(write({ ...person, address: [{ city: 'X', tags: null }, null] })).toBe(
      '{"__typename":"Person","id":1,"address":[{"city":"X","tags":null},null]}',
    );
  });

  it('writes nothing of an object that lacks what is required', () => {
    expect(writers('Book')?.write({ __typename: 'Book' })).toBeUndefined();
    expect(writers('Person')?.write({ __typename: 'Person', id: 1, address: { city: 'X' } })).toBeUndefined();
  });

  it('knows the only key, and how many leaves there are', () => {
    expect(writers('Book')?.onlyKey?.({ __typename: 'Book', id: 'b1' })).toBe('b1');
    expect([writers('Book')?.leafCount, writers('Person')?.leafCount]).toEqual([2, undefined]);
    expect(writers('Person')?.onlyKey).toBeUndefined();
  });

  it('reads a renamed field under the first key that is there, and requires the same key once', () => {
    const [renamed] = [{ kind: 'field', readFrom: ['title_0', 'title'], writeTo: 'title', selections: undefined } as const];
    const write = createRepresentationWriters([renamed, on('Media', renamed)], fixtureTypes)('Book')!.write;
    expect([write({ title_0: 'A', title: 'B' }), write({ title: 'B' })]).toEqual(['{"title":"A"}', '{"title":"B"}']);
  });
});

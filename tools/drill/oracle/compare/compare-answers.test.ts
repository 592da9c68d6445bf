import { GraphQLError } from 'graphql';
import { compareAnswers } from './compare-answers.ts';

const error = (message: string, ...path: (string | number)[]) => new GraphQLError(message, { path, extensions: { code: 'NOT_FOUND' } });
const expectation = (data: Record<string, unknown>, errors: readonly GraphQLError[] = [], possible = errors) => ({
  answer: { data, ...(errors.length > 0 ? { errors } : {}) },
  possible: { data, errors: possible },
});

describe('compareAnswers', () => {
  it('accepts the same answer, its errors in any order', () => {
    const errors = [error('x', 'a'), error('y', 'b')];
    const data = { a: null, b: null };
    expect(compareAnswers(expectation(data, errors), { data, errors: [...errors].reverse() })).toEqual([]);
  });

  it('clause 1: finds another value and another order of keys', () => {
    expect(compareAnswers(expectation({ a: 1 }), { data: { a: 2 } })).toHaveLength(1);
    expect(compareAnswers(expectation({ a: 1, b: 2 }), { data: { b: 2, a: 1 } })).toHaveLength(1);
    expect(compareAnswers(expectation({ a: null }), { data: {} })).toHaveLength(1);
  });

  it('clause 2: finds an error where nothing is null, without a path, or of another message', () => {
    const expected = expectation({ a: null, b: 1 }, [error('x', 'a')]);
    const withError = (one: GraphQLError) => compareAnswers(expected, { data: { a: null, b: 1 }, errors: [error('x', 'a'), one] });
    expect(withError(error('x', 'b'))).toEqual(['an error where nothing is null: "x" at b']);
    expect(withError(new GraphQLError('x'))).toHaveLength(1);
    expect(withError(error('other', 'a'))).toEqual(['an error that cannot be there: "other" at a']);
  });

  it('clause 3: finds that an error is missing at its null', () => {
    const expected = expectation({ a: null }, [error('x', 'a')]);
    expect(compareAnswers(expected, { data: { a: null } })).toEqual(['an error is missing: "x" at a']);
  });

  it('clause 4: leaves open which of several failures nulled a parent, but not that one did', () => {
    const possible = [error('x', 'a', 'b'), error('y', 'a', 'c')];
    const expected = expectation({ a: null }, possible.slice(0, 1), possible);
    expect(compareAnswers(expected, { data: { a: null }, errors: [error('y', 'a', 'c')] })).toEqual([]);
    expect(compareAnswers(expected, { data: { a: null } })).toHaveLength(1);
    expect(compareAnswers(expected, { data: { a: null }, errors: [error('z', 'a', 'd')] })).not.toEqual([]);
  });

  it('clause 5: finds an error that is reported twice', () => {
    const errors = [error('x', 'a')];
    expect(compareAnswers(expectation({ a: null }, errors), { data: { a: null }, errors: [...errors, ...errors] })).toEqual([
      'an error is reported twice',
    ]);
  });

  it('takes errors whose messages are masked for equal', () => {
    const expected = expectation({ a: null }, [new GraphQLError('secret', { path: ['a'] })]);
    const masked = new GraphQLError('Internal server error', { path: ['a'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(compareAnswers(expected, { data: { a: null }, errors: [masked] })).toEqual([]);
  });
});

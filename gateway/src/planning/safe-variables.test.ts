import { parse } from 'graphql';
import { withSafeVariables } from './safe-variables.js';

const planned = (text: string) => ({ document: parse(text), text, operationName: undefined });

describe('withSafeVariables', () => {
  it('renames variables with the names of a plan, and gives their values under both', () => {
    const { operation, withPlannedNames } = withSafeVariables(
      planned('query ($representations: ID!, $other: Int) { a(id: $representations, n: $other) }'),
    );
    expect(operation.text.replaceAll(/\s+/g, ' ')).toBe(
      'query ($client_representations: ID!, $other: Int) { a(id: $client_representations, n: $other) }',
    );
    expect(withPlannedNames({ representations: '1', other: 2 })).toEqual({ representations: '1', client_representations: '1', other: 2 });
  });

  it('leaves all other operations as they are', () => {
    const operation = planned('query ($id: ID!) { a(id: $id) }');
    expect(withSafeVariables(operation).operation).toBe(operation);
  });
});

import { execute, parse, validate } from 'graphql';
import { findDifferences } from './find-differences.ts';
import { generateOperation } from './generate/generate-operation.ts';
import type { FederatedRun } from './operation.ts';
import { createMonolith } from './runs/monolith.ts';
import { shrinkOperation } from './shrink/shrink-operation.ts';
import { exclusiveMutations, leafValue } from './supergraph/leaf-values.ts';
import { createWorld } from './supergraph/world.ts';

const monolith = createMonolith();
const operationOf = (index: number) => generateOperation({ schema: monolith.schema, seed: 1, index, leafValue, exclusiveMutations });
const indices = Array.from({ length: 150 }, (_, index) => index);
const answerRightly: FederatedRun = async (operation) => (await monolith.expect(operation)).answer;
const compare = (run: FederatedRun) =>
  findDifferences({
    indices,
    operationOf,
    expect: (operation) => monolith.expect(operation),
    runs: [{ name: 'run', planner: 'default', run }],
  });

/** Executes rightly and then loses every `rating`, as an entity fetch would that forgot it. */
const loseRating: FederatedRun = async (operation) => {
  const answer = await answerRightly(operation);
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'rating' ? null : value)));
};

describe('operations', () => {
  it('repeat with seed and index, and are valid', () => {
    for (const index of indices) {
      const operation = operationOf(index);
      expect(operationOf(index)).toEqual(operation);
      expect(validate(monolith.schema, parse(operation.query))).toEqual([]);
    }
  });

  it('cover mutations, errors, conditions and fragments', async () => {
    const { features, withErrors } = await compare(answerRightly);
    expect(withErrors).toBeGreaterThan(20);
    for (const feature of ['mutation', 'condition', 'named fragment', 'variable', 'variable inside a value', 'one of several operations']) {
      expect(features.get(feature)).toBeGreaterThan(0);
    }
  });
});

describe('findDifferences', () => {
  it('finds none in right answers', async () => {
    expect((await compare(answerRightly)).differences).toEqual([]);
  });

  it('finds a field that got lost', async () => {
    expect((await compare(loseRating)).differences.length).toBeGreaterThan(0);
  });

  it('finds an answer without its errors, and no answer at all', async () => {
    expect(
      (await compare(async (operation) => ({ data: (await answerRightly(operation)).data ?? null }))).differences.length,
    ).toBeGreaterThan(20);
    const { differences, answers } = await compare(() => Promise.reject(new Error('gone')));
    expect(differences).toHaveLength(answers);
  });
});

describe('shrinkOperation', () => {
  it('leaves what is needed for the answer to be wrong', async () => {
    const operation = {
      query:
        'query A($n: Int = 2, $no: Boolean!) { version x: products(first: $n) { name ...F } } fragment F on Product { rating @skip(if: $no) label }',
      variables: { no: false },
    };
    const isStillWrong = async (candidate: typeof operation | { query: string }) =>
      JSON.stringify(await answerRightly(candidate)) !== JSON.stringify(await loseRating(candidate));
    const { signal } = new AbortController();
    const { query, variables } = await shrinkOperation({ schema: monolith.schema, operation, isStillWrong, signal });
    expect(query.replaceAll(/\s+/g, ' ')).toBe('query A { products { rating } }');
    expect(variables).toBeUndefined();
  });

  it('ends when it is told to, also in the middle of an execution that never ends', async () => {
    const controller = new AbortController();
    const operation = { query: '{ version products { name rating } }' };
    const isStillWrong = async (): Promise<boolean> => {
      controller.abort();
      return new Promise(() => {});
    };
    expect(await shrinkOperation({ schema: monolith.schema, operation, isStillWrong, signal: controller.signal })).toBe(operation);
  });
});

describe('the monolith', () => {
  it('begins every operation with an untouched world', async () => {
    const document = parse('mutation { renameUser(id: "u1", name: "Ada") { name } }');
    const query = parse('{ user(id: "u1") { name } }');
    const world = createWorld();
    await execute({ schema: monolith.schema, document, contextValue: world });
    expect(await execute({ schema: monolith.schema, document: query, contextValue: world })).toMatchObject({
      data: { user: { name: 'Ada' } },
    });
    expect(await execute({ schema: monolith.schema, document: query, contextValue: createWorld() })).toMatchObject({
      data: { user: { name: 'User 1' } },
    });
  });
});

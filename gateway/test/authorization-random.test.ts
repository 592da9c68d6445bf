import type { Identity } from '@loomgraph/auth';
import { parse } from 'graphql';
import { generateOperation } from '../../tools/drill/oracle/generate/generate-operation.ts';
import { createRandom } from '../../tools/harness/random.ts';
import { callerWith, guardedRoot, guardedSubgraphs, rolePolicies } from './support/guarded-subgraphs.js';
import { startEngine } from './support/engine-run.js';
import { recordFetches } from './support/record-fetches.js';
import { forbiddenInFetch, referenceAnswer } from './support/reference-access.js';

/** Another run: `ACCESS_SEED=8 ACCESS_OPERATIONS=10000`; one operation again: `ACCESS_SEED=… ACCESS_FIRST=index ACCESS_OPERATIONS=1`. */
const SEED = Number(process.env['ACCESS_SEED'] ?? 7);
const FIRST = Number(process.env['ACCESS_FIRST'] ?? 0);
const OPERATIONS = Number(process.env['ACCESS_OPERATIONS'] ?? 2_000);
const SCOPES = ['hr', 'pay', 'admin', 'report', 'level', 'trace'];

describe('random operations over protected fields', () => {
  it('fetch nothing a caller may not have, and are answered as without it', async () => {
    const fetches = recordFetches();
    const subgraphs = guardedSubgraphs();
    const schemas = new Map(subgraphs.map(({ name, schema }) => [name, schema]));
    await using run = await startEngine(subgraphs, {}, { policies: rolePolicies, trace: fetches.trace });
    const schema = run.engine.apiSchema();
    const failures: unknown[] = [];
    const seen = { cut: 0, whole: 0, fetches: 0, nulled: 0 };
    for (let index = FIRST; index < FIRST + OPERATIONS; index++) {
      const options = { schema, seed: SEED, index, leafValue: () => 'x', exclusiveMutations: [] };
      const { query, operationName, variables } = generateOperation(options);
      const identity = callerOf(index);
      fetches.sent.length = 0;
      const answer = await run.run(query, {
        caller: { identity },
        ...(operationName ? { operationName } : {}),
        ...(variables ? { variables } : {}),
      });
      const document = parse(query);
      const expected = referenceAnswer({ schema, document, operationName, variables, identity, rootValue: guardedRoot });
      const forbidden = fetches.sent.flatMap(({ subgraph, text }) => forbiddenInFetch(schemas.get(subgraph)!, parse(text), identity));
      const errors = answer.errors ?? [];
      const places = errors.flatMap(({ path, extensions }) =>
        extensions?.['code'] === 'UNAUTHORIZED_FIELD_OR_TYPE' ? (path ?? []).join('.') : [],
      );
      const found = { data: answer.data, places: [...new Set(places)].toSorted(), others: errors.length - places.length, forbidden };
      seen[expected.places.length > 0 ? 'cut' : 'whole'] += 1;
      seen.fetches += fetches.sent.length;
      if (expected.data === null) seen.nulled += 1;
      if (!isEqual(found, { ...expected, others: 0, forbidden: [] })) failures.push({ index, query, variables, identity, found, expected });
      if (failures.length >= 3) break;
    }
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    if (OPERATIONS < 2_000) return; // one again
    // Far fewer would mean that the generator does not reach what it is for.
    expect(seen.cut).toBeGreaterThan(OPERATIONS / 4);
    expect(seen.whole).toBeGreaterThan(OPERATIONS / 20);
    expect(seen.fetches).toBeGreaterThan(OPERATIONS);
  }, 600_000);
});

function callerOf(index: number): Identity | null {
  const random = createRandom(`caller/${SEED}/${index}`);
  if (random.next() < 0.2) return null;
  return callerWith({ scopes: SCOPES.filter(() => random.next() < 0.5), roles: random.next() < 0.5 ? ['boss'] : [] });
}

/** The order of an object's members is not compared. */
function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, inner]) => [key, sorted(inner)]));
}

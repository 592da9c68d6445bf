import { deferFragments } from '../../tools/drill/oracle/defer/defer-fragments.ts';
import { generateOperation } from '../../tools/drill/oracle/generate/generate-operation.ts';
import { createMonolith } from '../../tools/drill/oracle/runs/monolith.ts';
import { exclusiveMutations, leafValue } from '../../tools/drill/oracle/supergraph/leaf-values.ts';
import { createSubgraphs } from '../../tools/drill/oracle/supergraph/subgraphs.ts';
import { createWorlds } from '../../tools/drill/oracle/supergraph/world.ts';
import { createRandom } from '../../tools/harness/random.ts';
import { startEngine } from './support/engine-run.js';
import { mergeParts, readPayloads } from './support/merge-parts.js';

const SEED = 7;
const OPERATIONS = 200;
/** Far fewer would mean that operations are answered whole. */
const LEAST_IN_PARTS = 60;

describe('random operations with @defer', () => {
  it('come to the answer of the same operation in one piece', async () => {
    const monolith = createMonolith();
    const worlds = createWorlds();
    await using run = await startEngine(createSubgraphs(worlds));
    const differences: unknown[] = [];
    let inParts = 0;
    for (let index = 0; index < OPERATIONS; index++) {
      const { features: _features, ...operation } = generateOperation({
        schema: monolith.schema,
        seed: SEED,
        index,
        leafValue,
        exclusiveMutations,
      });
      const query = deferFragments(operation.query, createRandom(`defer/${index}`));
      const ask = (acceptsIncremental: boolean) =>
        run.engine.execute({
          query,
          operationName: operation.operationName,
          variables: operation.variables,
          extensions: undefined,
          readOnly: false,
          acceptsIncremental,
          caller: { identity: null, requestId: `${index} ${acceptsIncremental}` },
        });
      const [answer, whole] = [await ask(true), await ask(false)];
      if (answer.kind !== 'incremental' || whole.kind !== 'executed') continue; // no parts to put together
      inParts += 1;
      const merged = mergeParts(await readPayloads(answer.parts));
      // A null that may not be ends at the fragment, where it would go on to the object around it.
      if (merged.failedPaths.length > 0) continue;
      // The two are planned by different planners. Where these are not of one mind, the parts must be right by the monolith.
      if (isEqual(merged.data, JSON.parse(whole.body).data)) continue;
      const { data } = (await monolith.expect({ ...operation, query })).answer;
      if (!isEqual(merged.data, data)) differences.push({ index, query, merged: merged.data, data });
    }
    expect(differences).toEqual([]);
    expect(inParts).toBeGreaterThan(LEAST_IN_PARTS);
  }, 120_000);
});

/** Parts bring fields in another order. */
function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

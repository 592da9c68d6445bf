import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Figure, Outcome } from '../../report/outcome.ts';
import { findDifferences, type Comparison } from './find-differences.ts';
import { generateOperation } from './generate/generate-operation.ts';
import { namedCases } from './named-cases/all.ts';
import { runNamedCases } from './named-cases/run-named-cases.ts';
import { createMonolith } from './runs/monolith.ts';
import { openVariants } from './runs/variants.ts';
import { saveSome } from './save-some.ts';
import { exclusiveMutations, leafValue } from './supergraph/leaf-values.ts';
import { createSubgraphs } from './supergraph/subgraphs.ts';
import { createWorlds } from './supergraph/world.ts';

const OPERATIONS = 20_000;
const SHORT_OPERATIONS = 2_000;
const PROGRESS_EVERY = 500;

/** Asks the gateway named traps, then random operations over a rich supergraph, and compares with one executable schema of the same data. */
export async function runOracleDrill(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const { seed, only } = options;
  const wrongCases =
    only === undefined
      ? await runNamedCases(namedCases, { scope: options.short ? 'default planner, local subgraphs' : 'everything', say })
      : [];
  const monolith = createMonolith();
  const worlds = createWorlds();
  const runs = await openVariants({
    subgraphs: createSubgraphs(worlds),
    scope: options.short ? 'default planner' : 'everything',
    resources,
    onAnswered: (requestId) => worlds.forget(requestId),
  });

  const count = options.short ? SHORT_OPERATIONS : OPERATIONS;
  const comparison = await findDifferences({
    indices: only === undefined ? Array.from({ length: count }, (_, index) => index) : [only],
    operationOf: (index) => generateOperation({ schema: monolith.schema, seed, index, leafValue, exclusiveMutations }),
    expect: (operation) => monolith.expect(operation),
    runs,
    onProgress(done, differences) {
      if (done % PROGRESS_EVERY !== 0) return;
      const byApollo = differences.filter(({ run }) => run.planner === 'apollo').length;
      say(`${done} operations, ${differences.length - byApollo} differences${byApollo > 0 ? `, ${byApollo} by Apollo's planner` : ''}`);
    },
  });

  // Apollo's planner is known to plan some operations wrongly; what it does is told, and fails nothing.
  const byApollo = comparison.differences.filter(({ run }) => run.planner === 'apollo');
  const byDefault = comparison.differences.filter(({ run }) => run.planner !== 'apollo');
  const failures = [...wrongCases, ...(await saveSome(byDefault, { monolith, seed, say }))];
  const notesOnApollo = await saveSome(
    byApollo.filter(({ index }) => !byDefault.some((one) => one.index === index)),
    { monolith, seed, say },
  );
  return {
    figures: figuresOf(comparison, {
      byDefault: byDefault.length,
      byApollo: byApollo.length,
      operations: only === undefined ? count : 1,
      wrongCases: wrongCases.length,
      seed,
      runs: runs.length,
    }),
    notes: [
      `operations are answered by: ${runs.map(({ name, every = 1 }) => (every > 1 ? `${name} (every ${every}th)` : name)).join('; ')}`,
      `operations with: ${[...comparison.features].map(([feature, uses]) => `${feature} ${uses}`).join(', ')}`,
      ...notesOnApollo.map((line) => `differs by Apollo's plan: ${line}`),
    ],
    failures,
  };
}

function figuresOf(
  { answers, replayed, withErrors }: Comparison,
  run: {
    readonly byDefault: number;
    readonly byApollo: number;
    readonly operations: number;
    readonly wrongCases: number;
    readonly seed: number;
    readonly runs: number;
  },
): readonly Figure[] {
  return [
    {
      name: 'operations',
      value: run.operations,
      meaning: `random operations, answered by ${run.runs} gateways and the monolith (seed ${run.seed})`,
    },
    { name: 'differences', value: run.byDefault, meaning: "answers that were not the monolith's in data, errors or paths" },
    {
      name: 'differences.apolloPlanner',
      value: run.byApollo,
      meaning: "the same where Apollo's planner is forced: its own faults included",
    },
    { name: 'answers', value: answers, meaning: 'answers compared' },
    { name: 'replayed', value: replayed, meaning: 'operations asked again with their boolean variables turned over' },
    { name: 'withErrors', value: withErrors, meaning: 'operations of which fields failed' },
    { name: 'namedCases', value: namedCases.length, meaning: 'known traps of planners and executors, each with its own small supergraph' },
    { name: 'namedCases.wrong', value: run.wrongCases, meaning: 'of these answered wrongly by a gateway' },
  ];
}

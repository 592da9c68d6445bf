import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import type { IsolatedPlanner } from './isolated-planner.js';
import { readOverrides } from './overrides.js';
import type { CreatePlanner } from './planner.js';
import { signPlan } from './plan-maker.js';
import { planStepwise } from './stepwise/plan-stepwise.js';

const NAME = 'stepwise';

/** Plans in this process, by `stepwise/`: for the operations that other planners cannot plan or plan wrongly. */
export const createStepwisePlanner = ((supergraphSdl: string): IsolatedPlanner => {
  const { labels, percentages } = readOverrides(supergraphSdl);
  let supergraph: GraphQLSchema | undefined;
  return {
    name: NAME,
    overrideLabels: labels,
    overridePercentages: percentages,
    ready: () => Promise.resolve(),
    async plan(operation, choice, signal) {
      signal?.throwIfAborted();
      supergraph ??= buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValid: true });
      return signPlan(planStepwise(operation, { supergraph, choice }), NAME);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}) satisfies CreatePlanner;

import type { QueryPlan } from '@apollo/query-planner';
import { fromApolloPlan } from './apollo-plan.js';
import { createIsolatedPlanner, type IsolatedPlanner, type IsolatedPlannerOptions } from './isolated-planner.js';
import type { CreatePlanner } from './planner.js';

/**
 * Plans with `@apollo/query-planner`: the reference, slower by an order of magnitude, and with more requests per plan.
 * Its own plans are wrong for `@requires` of one field with several arguments.
 */
export const createApolloPlanner = ((supergraphSdl: string, options: IsolatedPlannerOptions = {}): IsolatedPlanner =>
  // The process runs this engine, so its plans have this engine's type.
  createIsolatedPlanner('apollo', supergraphSdl, (plan) => fromApolloPlan(plan as QueryPlan), options)) satisfies CreatePlanner;

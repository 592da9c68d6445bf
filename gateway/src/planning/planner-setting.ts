export const plannerSettings = ['auto', 'hive', 'apollo'] as const;

/**
 * `auto`: Hive's planner where it runs and knows all the supergraph uses, Apollo's for the operations it cannot plan, and for all
 * otherwise. The other two force one planner.
 */
export type PlannerSetting = (typeof plannerSettings)[number];

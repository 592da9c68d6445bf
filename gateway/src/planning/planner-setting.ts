export const plannerSettings = ['auto', 'hive', 'apollo', 'stepwise'] as const;

/**
 * `auto`: Hive's planner where it runs and knows all the supergraph uses, Apollo's otherwise, and for the operations that one cannot plan
 * or plans wrongly the others in turn. The other settings force one planner.
 */
export type PlannerSetting = (typeof plannerSettings)[number];

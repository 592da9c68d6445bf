/** What a gateway and its planner process say to each other. Everything is JSON. */
/** `apollo-defer`: plans deferred parts by themselves; each `@defer` has a label. */
export type PlannerEngine = 'hive' | 'apollo' | 'apollo-defer';

export interface PlanRequest {
  /** GraphQL text of one operation. */
  readonly text: string;
  readonly operationName: string | undefined;
  /** Labels of `@override(label:)`, all the supergraph has, each with whether it is active. */
  readonly overrides: readonly (readonly [label: string, isActive: boolean])[];
  /** Decides the labels `percent(n)` for engines that are not told of each. */
  readonly percentage: number;
}

export type ToPlanner =
  | { readonly kind: 'open'; readonly engine: PlannerEngine; readonly supergraphSdl: string }
  | { readonly kind: 'plan'; readonly id: number; readonly request: PlanRequest }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromPlanner =
  | { readonly kind: 'ready' }
  /** The engine does not run here, or does not take the supergraph. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'planned'; readonly id: number; readonly plan: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

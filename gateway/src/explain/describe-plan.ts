import { assertNever } from '@loomgraph/core';
import { parse, print } from 'graphql';
import type { EntityBatch, FetchNode, PlanNode, PlanPath, Requirement } from '../planning/plan.js';
import type { DeferPlan } from '../execution/defer/defer-plan.js';
import type { FetchRecord } from './record-request.js';

/** A node of a plan, to be read by people. */
export type DescribedNode =
  | { readonly kind: 'sequence' | 'parallel'; readonly nodes: readonly DescribedNode[] }
  | { readonly kind: 'condition'; readonly if: string; readonly whenTrue?: DescribedNode; readonly whenFalse?: DescribedNode }
  | DescribedFetch;

/** A plan with deferred parts. */
export interface DescribedDefer {
  readonly kind: 'defer';
  /** What the first part fetches; null where that is nothing. */
  readonly primary: DescribedNode | null;
  /** `after`: ids of the fetches each part starts from. */
  readonly parts: readonly { readonly after: readonly string[]; readonly plan: DescribedNode | DescribedDefer | null }[];
}

export interface DescribedFetch {
  readonly kind: 'fetch';
  /** Of a fetch that deferred parts start from. */
  readonly id?: string;
  readonly subgraph: string;
  /** What the subgraph is sent. */
  readonly operation: string;
  readonly variables: readonly string[];
  /** Where the objects are that a fetch of entities asks about, and which of their fields it sends. */
  readonly entities?: readonly DescribedEntities[];
  /** How it went; null where it was not sent: a condition left it out, or no entity was found to ask about. */
  readonly run?: FetchRecord | null;
}

export interface DescribedEntities {
  readonly alias: string;
  readonly paths: readonly string[];
  readonly requires: string;
  /** Values of objects above that are passed on (`@fromContext`), by variable: `..` is one field up. */
  readonly passes?: Readonly<Record<string, string>>;
}

/** Describes a plan; with what was recorded of its fetches, if it was executed. */
export function describePlan(node: PlanNode, fetches: ReadonlyMap<FetchNode, FetchRecord> | undefined): DescribedNode {
  switch (node.kind) {
    case 'fetch':
      return describeFetch(node, fetches);
    case 'sequence':
    case 'parallel':
      return { kind: node.kind, nodes: node.nodes.map((child) => describePlan(child, fetches)) };
    case 'condition':
      return {
        kind: 'condition',
        if: `$${node.variable}`,
        ...(node.whenTrue === undefined ? {} : { whenTrue: describePlan(node.whenTrue, fetches) }),
        ...(node.whenFalse === undefined ? {} : { whenFalse: describePlan(node.whenFalse, fetches) }),
      };
    default:
      return assertNever(node);
  }
}

/** The same for a plan with deferred parts. */
export function describeDeferPlan(
  { primary, deferred }: DeferPlan,
  fetches: ReadonlyMap<FetchNode, FetchRecord> | undefined,
): DescribedNode | DescribedDefer | null {
  const described = primary === undefined ? null : describePlan(primary, fetches);
  if (deferred.length === 0) return described;
  const parts = deferred.map(({ depends, plan }) => ({ after: depends, plan: describeDeferPlan(plan, fetches) }));
  return { kind: 'defer', primary: described, parts };
}

function describeFetch(node: FetchNode, fetches: ReadonlyMap<FetchNode, FetchRecord> | undefined): DescribedFetch {
  return {
    kind: 'fetch',
    ...(node.id === undefined ? {} : { id: node.id }),
    subgraph: node.subgraph,
    operation: print(parse(node.operation, { noLocation: true })),
    variables: node.variables.map((name) => `$${name}`),
    ...(node.batches === undefined ? {} : { entities: node.batches.map(describeBatch) }),
    ...(fetches === undefined ? {} : { run: fetches.get(node) ?? null }),
  };
}

function describeBatch({ alias, paths, requires, contexts = [] }: EntityBatch): DescribedEntities {
  const passes = contexts.map(({ variable, levels, path }) => [`$${variable}`, `${'../'.repeat(levels)}${pathText(path)}`] as const);
  return {
    alias,
    paths: paths.map(pathText),
    requires: requires.map(requirementText).join(' '),
    ...(passes.length === 0 ? {} : { passes: Object.fromEntries(passes) }),
  };
}

/** `topProducts.@.author|[Person]`: keys, `@` for every item of a list, and conditions on the type of what is reached. */
function pathText(path: PlanPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment !== 'string') return `${text}|[${segment.types.join(' ')}]`;
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}

function requirementText(requirement: Requirement): string {
  if (requirement.kind === 'fragment') return `... on ${requirement.onType} ${selectionText(requirement.selections)}`;
  const { readFrom, writeTo, selections } = requirement;
  const [read = writeTo] = readFrom;
  const name = read === writeTo ? writeTo : `${writeTo}: ${read}`;
  return selections === undefined ? name : `${name} ${selectionText(selections)}`;
}

function selectionText(selections: readonly Requirement[]): string {
  return `{ ${selections.map(requirementText).join(' ')} }`;
}

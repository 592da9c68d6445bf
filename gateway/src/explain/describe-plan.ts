import { assertNever } from '@loomgraph/core';
import { parse, print } from 'graphql';
import type { EntityBatch, FetchNode, PlanNode, PlanPath, Requirement } from '../planning/plan.js';
import type { FetchRecord } from './record-request.js';

/** A node of a plan, to be read by people. */
export type DescribedNode =
  | { readonly kind: 'sequence' | 'parallel'; readonly nodes: readonly DescribedNode[] }
  | { readonly kind: 'condition'; readonly if: string; readonly whenTrue?: DescribedNode; readonly whenFalse?: DescribedNode }
  | DescribedFetch;

export interface DescribedFetch {
  readonly kind: 'fetch';
  readonly subgraph: string;
  /** What the subgraph is sent. */
  readonly operation: string;
  readonly variables: readonly string[];
  /** Where the objects are that a fetch of entities asks about, and which of their fields it sends. */
  readonly entities?: readonly { readonly alias: string; readonly paths: readonly string[]; readonly requires: string }[];
  /** How it went; null where it was not sent: a condition left it out, or no entity was found to ask about. */
  readonly run?: FetchRecord | null;
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

function describeFetch(node: FetchNode, fetches: ReadonlyMap<FetchNode, FetchRecord> | undefined): DescribedFetch {
  return {
    kind: 'fetch',
    subgraph: node.subgraph,
    operation: print(parse(node.operation, { noLocation: true })),
    variables: node.variables.map((name) => `$${name}`),
    ...(node.batches === undefined ? {} : { entities: node.batches.map(describeBatch) }),
    ...(fetches === undefined ? {} : { run: fetches.get(node) ?? null }),
  };
}

function describeBatch({ alias, paths, requires }: EntityBatch): { alias: string; paths: string[]; requires: string } {
  return { alias, paths: paths.map(pathText), requires: requires.map(requirementText).join(' ') };
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

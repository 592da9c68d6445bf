import { assertNever } from '@loomgraph/core';
import { Kind, type SelectionSetNode } from 'graphql';
import { fetchSelections } from './fetch-selections.js';
import { EVERY_ITEM, type FetchNode, type PlanNode, type PlanPath } from './plan.js';

/** Response keys from the top of the answer. */
type Keys = readonly string[];

/**
 * Moves fetches behind those that bring the values of `@fromContext` they pass on: `@apollo/query-planner` 2.14 makes a fetch wait for
 * the objects it asks about, but not for fields that another fetch adds to the objects above them.
 */
export function withContextsBrought(node: PlanNode): PlanNode {
  switch (node.kind) {
    case 'fetch':
      return node;
    case 'condition':
      return {
        ...node,
        whenTrue: node.whenTrue && withContextsBrought(node.whenTrue),
        whenFalse: node.whenFalse && withContextsBrought(node.whenFalse),
      };
    case 'sequence':
      return { ...node, nodes: node.nodes.map(withContextsBrought) };
    case 'parallel':
      return inOrder(node.nodes.map(withContextsBrought));
    default:
      return assertNever(node);
  }
}

function inOrder(nodes: readonly PlanNode[]): PlanNode {
  const waiting = nodes.filter((node) => {
    const needed = fetchesOf(node).flatMap(contextsOf);
    return needed.length > 0 && nodes.some((other) => other !== node && fetchesOf(other).some((fetch) => bringsAny(fetch, needed)));
  });
  const free = nodes.filter((node) => !waiting.includes(node));
  if (waiting.length === 0 || free.length === 0) return { kind: 'parallel', nodes };
  return { kind: 'sequence', nodes: [together(free), waiting.length === 1 ? waiting[0]! : inOrder(waiting)] };
}

function together(nodes: readonly PlanNode[]): PlanNode {
  return nodes.length === 1 ? nodes[0]! : { kind: 'parallel', nodes };
}

/** All fetches of a plan, those under conditions as well. */
export function fetchesOf(node: PlanNode | undefined): readonly FetchNode[] {
  if (node === undefined) return [];
  switch (node.kind) {
    case 'fetch':
      return [node];
    case 'condition':
      return [...fetchesOf(node.whenTrue), ...fetchesOf(node.whenFalse)];
    default:
      return node.nodes.flatMap(fetchesOf);
  }
}

/** Where the values that a fetch passes on stand. */
export function contextsOf({ batches = [] }: FetchNode): readonly Keys[] {
  return batches.flatMap(({ paths, contexts = [] }) =>
    paths.flatMap((path) => {
      const keys = keysOf(path);
      return contexts.map((context) => [...keys.slice(0, keys.length - context.levels), ...keysOf(context.path)]);
    }),
  );
}

/** Whether a fetch brings a value that stands at one of these places, or what holds it. */
export function bringsAny({ batches, mergeAt = [], operation }: FetchNode, needed: readonly Keys[]): boolean {
  const selections = fetchSelections(operation);
  if (selections === undefined) return false;
  // Keys within `_entities` are those of the entities.
  const selected = keysSelected(selections, batches === undefined ? 0 : 1);
  const places = batches === undefined ? [keysOf(mergeAt)] : batches.flatMap(({ paths }) => paths.map(keysOf));
  return needed.some((keys) =>
    places.some((place) => place.every((key, index) => key === keys[index]) && selected.has(keys[place.length] ?? '')),
  );
}

function keysSelected({ selections }: SelectionSetNode, depth = 0, keys = new Set<string>()): ReadonlySet<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) keysSelected(selection.selectionSet, depth, keys);
    else if (selection.kind === Kind.FIELD) {
      if (depth === 0) keys.add((selection.alias ?? selection.name).value);
      else if (selection.selectionSet) keysSelected(selection.selectionSet, depth - 1, keys);
    }
  }
  return keys;
}

function keysOf(path: PlanPath): Keys {
  return path.filter((segment) => typeof segment === 'string' && segment !== EVERY_ITEM) as Keys; // conditions are left out
}

import { assertNever } from '@loomgraph/core';
import { parse } from 'graphql';
import { composeSupergraph } from '../supergraph/compose.js';
import { readKeyTraits, withDataKeys } from './data-keys.js';
import { toNormalForm } from './normal-form.js';
import type { FetchNode, PlanNode, PlanPath, Requirement } from './plan.js';
import type { OverrideChoice, PlannedOperation } from './planner.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires",
  "@provides", "@override", "@interfaceObject"])`;

/** Composes subgraphs given as name and SDL. */
export function compose(subgraphs: Readonly<Record<string, string>>): string {
  const composition = composeSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: `http://${name}`, sdl: `${LINK}\n${sdl}` })),
  );
  if (composition.kind === 'failed') throw new Error(composition.problems.map(({ text }) => text).join('\n'));
  return composition.supergraphSdl;
}

export const planned = (text: string): PlannedOperation => toNormalForm(parse(text), undefined).planned;

/** The operation with keys of its own where response keys are unsafe. */
export function keyed(text: string, supergraphSdl: string): PlannedOperation {
  return withDataKeys(planned(text), readKeyTraits(supergraphSdl)).operation;
}

export const noOverride: OverrideChoice = { activeLabels: new Set(), percentage: 50 };

/**
 * A plan as an outline: `a` is a root fetch of subgraph a, `b(me.@)` an entity fetch for the objects there, `a!` a mutation;
 * `[...]` a sequence, `{...}` a parallel, `if x (...) else (...)` a condition.
 */
export function outline(node: PlanNode | undefined): string {
  if (!node) return '-';
  switch (node.kind) {
    case 'sequence':
      return `[${node.nodes.map(outline).join(' ')}]`;
    case 'parallel':
      return `{${node.nodes.map(outline).toSorted().join(' ')}}`;
    case 'condition':
      return `if ${node.variable} (${outline(node.whenTrue)}) else (${outline(node.whenFalse)})`;
    case 'fetch': {
      const paths = node.batches?.flatMap((batch) => batch.paths.map(pathText)).toSorted();
      return `${node.subgraph}${node.operationKind === 'query' ? '' : '!'}${paths ? `(${paths.join(' ')})` : ''}`;
    }
    default:
      return assertNever(node);
  }
}

/** What each subgraph is told of an entity, by the names it is told: `b: User { id name }`. Sorted, each once. */
export function representations(node: PlanNode | undefined): readonly string[] {
  const found = new Set<string>();
  for (const { subgraph, batches = [] } of fetches(node)) {
    for (const { requires } of batches) for (const requirement of requires) found.add(`${subgraph}: ${requirementText(requirement)}`);
  }
  return [...found].toSorted();
}

/** All fetches, in the order of the plan. */
export function fetches(node: PlanNode | undefined): readonly FetchNode[] {
  if (!node) return [];
  if (node.kind === 'fetch') return [node];
  return (node.kind === 'condition' ? [node.whenTrue, node.whenFalse] : node.nodes).flatMap(fetches);
}

function pathText(path: PlanPath): string {
  return path.map((segment) => (typeof segment === 'string' ? segment : `<${segment.types.toSorted().join('|')}>`)).join('.');
}

function requirementText(requirement: Requirement): string {
  const inner = requirement.selections?.map(requirementText).filter((text) => text !== '__typename');
  return `${requirement.kind === 'field' ? requirement.writeTo : requirement.onType}${inner ? ` { ${inner.toSorted().join(' ')} }` : ''}`;
}

import { assertNever } from '@loomgraph/core';
import { Kind, type SelectionSetNode } from 'graphql';
import { isLeftOut } from './condition-values.js';
import { conflictingShapes } from './conflicting-shapes.js';
import { fieldMeaning } from './field-meaning.js';
import { fetchSelections } from './fetch-selections.js';
import type { EntityBatch, FetchNode, PlanNode, Rewrite } from './plan.js';
import { isTold, lackingRequirement, unknownEntity, unmetRequires } from './representation-check.js';
import { riskToTypes } from './risk-to-types.js';
import type { SubgraphFacts } from './subgraph-facts.js';
import type { SupergraphFacts } from './supergraph-facts.js';
import { locatePlaces, Place, type PlacedTypes } from './symbolic-answer.js';
import { unresolvableField } from './unresolvable-field.js';
import type { Bringing, Verification } from './verification.js';

/**
 * Runs a plan without data: every fetch brings what it selects to the places it is for, where its conditions hold. An entity fetch
 * brings nothing to objects whose representations would lack something. Answers the first field that its subgraph cannot resolve.
 */
export function bringFetches(node: PlanNode | undefined, verification: Verification): string | undefined {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case 'fetch':
      return bringFetch(node, verification);
    case 'condition':
      return bringFetches(verification.values.get(node.variable) ? node.whenTrue : node.whenFalse, verification);
    case 'sequence':
    case 'parallel':
      for (const child of node.nodes) {
        const problem = bringFetches(child, verification);
        if (problem !== undefined) return problem;
      }
      return undefined;
    default:
      return assertNever(node);
  }
}

function bringFetch(fetch: FetchNode, verification: Verification): string | undefined {
  const { facts, root } = verification;
  const subgraph = facts.subgraph(fetch.subgraph);
  const selectionSet = selectionsOf(fetch);
  if (!subgraph || !selectionSet) return `${fetch.subgraph} cannot be asked ${fetch.operation}`;
  for (const batch of fetch.batches ?? []) {
    const problem = bringBatch(batch, selectionSet, subgraph, verification);
    if (problem !== undefined) return problem;
  }
  if (fetch.batches) return undefined;

  const type = facts.rootType(fetch.operationKind);
  if (type === undefined) return `there is no ${fetch.operationKind}`;
  const problem = unresolvableField(subgraph, selectionSet, { type, isEntity: false }) ?? conflictingShapes(subgraph, selectionSet, type);
  if (problem !== undefined) return problem;
  for (const { place } of locatePlaces(facts, root, fetch.mergeAt ?? [])) {
    bring(selectionSet, { place, types: [type] }, { parent: type, subgraph, verification });
    rename(fetch.outputRewrites, { place, types: [type] }, facts);
  }
  return undefined;
}

const parsed = new WeakMap<FetchNode, SelectionSetNode | undefined>();

/** A plan is gone through once for each combination of its conditions. */
function selectionsOf(fetch: FetchNode): SelectionSetNode | undefined {
  if (!parsed.has(fetch)) parsed.set(fetch, fetchSelections(fetch.operation));
  return parsed.get(fetch);
}

function bringBatch(batch: EntityBatch, root: SelectionSetNode, subgraph: SubgraphFacts, verification: Verification): string | undefined {
  const { facts } = verification;
  const selectionSet = entitySelections(root, batch.alias);
  if (!selectionSet) return `${subgraph.name} is not asked ${batch.alias}`;
  const problem =
    unresolvableField(subgraph, selectionSet, { type: '_Entity', isEntity: true }) ?? conflictingShapes(subgraph, selectionSet, undefined);
  if (problem !== undefined) return problem;

  for (const { place, types } of batch.paths.flatMap((path) => locatePlaces(facts, verification.root, path))) {
    const unknown = types.map((type) => (isTold(batch.requires, type, facts) ? unknownEntity(batch, type, subgraph) : undefined));
    const first = unknown.find((one) => one !== undefined);
    if (first !== undefined) return first;
    const untyped = types.filter((type) => !place.find(type, '__typename'));
    const risk = untyped.length === 0 ? undefined : riskToTypes(selectionSet, untyped, { subgraph, verification, parent: undefined });
    if (risk !== undefined) return risk;
    const told = types.filter((type) => {
      if (!isTold(batch.requires, type, facts)) return false;
      const unmet =
        lackingRequirement(batch.requires, { place, type }, facts) ?? unmetRequires(selectionSet, { place, type }, { batch, subgraph });
      if (unmet !== undefined) verification.unmet.push(`${subgraph.name}: ${unmet}`);
      return unmet === undefined;
    });
    bring(selectionSet, { place, types: told }, { parent: undefined, subgraph, verification });
    rename(batch.outputRewrites, { place, types: told }, facts);
  }
  return undefined;
}

function bring({ selections }: SelectionSetNode, { place, types }: PlacedTypes, bringing: Bringing): void {
  const { parent, subgraph, verification } = bringing;
  const { facts, steps } = verification;
  if (types.length === 0) return;
  for (const selection of selections) {
    if (!steps.take(types.length)) return;
    if (isLeftOut(selection, verification.values)) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const fitting = condition === undefined ? types : types.filter((type) => facts.fits(type, condition));
      bring(selection.selectionSet, { place, types: fitting }, { ...bringing, parent: condition ?? parent });
    } else if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      // An interface object's is the name of the interface, which does not tell what the object is.
      if (name === '__typename' && parent !== undefined && subgraph.isInterfaceObject(parent)) continue;
      const meaning = fieldMeaning(selection);
      for (const type of types) {
        const brought = place.bring(type, (selection.alias ?? selection.name).value, meaning);
        brought.isCostly ||= subgraph.isCostly(subgraph.field(type, name) ? type : (parent ?? type), name);
        const inner = selection.selectionSet && innerType(subgraph, type, parent, name);
        if (!selection.selectionSet || inner === undefined) continue;
        brought.place = narrowed(brought.place, subgraph.possibleTypes(inner));
        bring(selection.selectionSet, { place: brought.place, types: brought.place.types }, { ...bringing, parent: inner });
      }
    }
  }
}

/** Of an interface object the subgraph has no concrete type. */
function innerType(subgraph: SubgraphFacts, type: string, parent: string | undefined, field: string): string | undefined {
  return (subgraph.field(type, field) ?? (parent === undefined ? undefined : subgraph.field(parent, field)))?.type;
}

/** Two subgraphs that answer one object answer one of a type both have. */
function narrowed(place: Place | undefined, types: readonly string[]): Place {
  if (place === undefined) return new Place(types);
  if (place.types !== types) place.types = place.types.filter((type) => types.includes(type));
  return place;
}

function rename(rewrites: readonly Rewrite[], { place, types }: PlacedTypes, facts: SupergraphFacts): void {
  for (const rewrite of rewrites) {
    const key = rewrite.path.at(-1);
    if (rewrite.kind !== 'rename' || typeof key !== 'string') continue;
    for (const reached of locatePlaces(facts, { place, types }, rewrite.path.slice(0, -1))) {
      for (const type of reached.types) reached.place.rename(type, key, rewrite.to);
    }
  }
}

function entitySelections({ selections }: SelectionSetNode, alias: string): SelectionSetNode | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD && (selection.alias ?? selection.name).value === alias) return selection.selectionSet;
  }
  return undefined;
}

import { assertNever } from '@loomgraph/core';
import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { PlanNode } from './plan.js';
import type { Fragments } from './root-selections.js';
import { withUsedFragments } from './used-fragments.js';

/**
 * Whether a mutation's plan may run one root field before all that an earlier one selects has been fetched. The specification
 * (section 6.2.2) runs root fields one after another, each to its end.
 */
export function mayBreakMutationOrder(plan: PlanNode): boolean {
  const kinds = fetchKindsOf(plan);
  return kinds.filter((kind) => kind === 'mutation').length > 1 && kinds.includes('query');
}

/**
 * One document per response key of the operation's root, in the order in which they are first selected. Planned one by one and put
 * in a sequence, they keep the order of mutations at the price of a request each.
 */
export function splitRootFields(document: DocumentNode): readonly DocumentNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
  }
  if (!operation) return [];
  const byKey = new Map<string, SelectionNode[]>();
  collect(operation.selectionSet, fragments, (field, selection) => {
    const key = field.alias?.value ?? field.name.value;
    byKey.set(key, [...(byKey.get(key) ?? []), selection]);
  });
  const whole = operation;
  return [...byKey.values()].map((selections) =>
    withUsedFragments({ ...whole, selectionSet: { kind: Kind.SELECTION_SET, selections } }, fragments),
  );
}

/** Reports every root field together with the selection that holds it alone: itself, inside the fragments it is in. */
function collect(selectionSet: SelectionSetNode, fragments: Fragments, report: (field: FieldNode, selection: SelectionNode) => void): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      report(selection, selection);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) continue;
    const { typeCondition } = fragment;
    collect(fragment.selectionSet, fragments, (field, inner) => {
      report(field, {
        kind: Kind.INLINE_FRAGMENT,
        ...(typeCondition && { typeCondition }),
        ...(selection.directives && { directives: selection.directives }),
        selectionSet: { kind: Kind.SELECTION_SET, selections: [inner] },
      });
    });
  }
}

function fetchKindsOf(plan: PlanNode): readonly string[] {
  switch (plan.kind) {
    case 'fetch':
      return [plan.operationKind];
    case 'condition':
      return [plan.whenTrue, plan.whenFalse].flatMap((node) => (node ? fetchKindsOf(node) : []));
    case 'sequence':
    case 'parallel':
      return plan.nodes.flatMap(fetchKindsOf);
    default:
      return assertNever(plan);
  }
}

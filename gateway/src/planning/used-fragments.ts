import { Kind, type DefinitionNode, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Fragments } from './root-selections.js';

/** A document of an operation and the fragments it uses, in the order they are first met. Other fragments are left out. */
export function withUsedFragments(operation: OperationDefinitionNode, fragments: Fragments): DocumentNode {
  const definitions: DefinitionNode[] = [operation];
  const seen = new Set<string>();
  const open = [operation.selectionSet];
  // Grows while it is walked: what a fragment selects is searched for fragments in turn.
  for (const selectionSet of open) {
    for (const name of spreadsIn(selectionSet)) {
      const fragment = fragments.get(name);
      if (!fragment || seen.has(name)) continue;
      seen.add(name);
      definitions.push(fragment);
      open.push(fragment.selectionSet);
    }
  }
  return { kind: Kind.DOCUMENT, definitions };
}

function* spreadsIn(selectionSet: SelectionSetNode): Generator<string> {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) yield selection.name.value;
    else if (selection.selectionSet) yield* spreadsIn(selection.selectionSet);
  }
}

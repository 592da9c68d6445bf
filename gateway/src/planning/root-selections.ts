import { assertNever } from '@loomgraph/core';
import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * The selections of an operation's root with only those root fields that `keep` accepts. A fragment that loses nothing stays as it is;
 * one that does is put in place as an inline fragment, because its definition may be used elsewhere too; one that loses all is gone.
 */
export function keepRootFields(
  selectionSet: SelectionSetNode,
  fragments: Fragments,
  keep: (field: FieldNode) => boolean,
): readonly SelectionNode[] {
  return selectionSet.selections.flatMap((selection): SelectionNode[] => {
    switch (selection.kind) {
      case Kind.FIELD:
        return keep(selection) ? [selection] : [];
      case Kind.INLINE_FRAGMENT: {
        const selections = keepRootFields(selection.selectionSet, fragments, keep);
        if (isUnchanged(selections, selection.selectionSet)) return [selection];
        return selections.length === 0 ? [] : [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections } }];
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) return [];
        const selections = keepRootFields(fragment.selectionSet, fragments, keep);
        if (isUnchanged(selections, fragment.selectionSet)) return [selection];
        if (selections.length === 0) return [];
        return [
          {
            kind: Kind.INLINE_FRAGMENT,
            typeCondition: fragment.typeCondition,
            directives: selection.directives ?? [],
            selectionSet: { kind: Kind.SELECTION_SET, selections },
          },
        ];
      }
      default:
        return assertNever(selection);
    }
  });
}

function isUnchanged(selections: readonly SelectionNode[], original: SelectionSetNode): boolean {
  return (
    selections.length === original.selections.length && selections.every((selection, index) => selection === original.selections[index])
  );
}

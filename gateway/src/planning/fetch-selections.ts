import { Kind, parse, type FragmentDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

/** What the operation of a fetch selects, its fragments put in place; undefined when the text holds no operation. */
export function fetchSelections(text: string): SelectionSetNode | undefined {
  const { definitions } = parse(text, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (definitions.length === 1) return operation?.selectionSet;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return operation && withoutSpreads(operation.selectionSet, fragments);
}

function withoutSpreads(selectionSet: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): SelectionSetNode {
  return {
    kind: Kind.SELECTION_SET,
    selections: selectionSet.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        return [selection.selectionSet ? { ...selection, selectionSet: withoutSpreads(selection.selectionSet, fragments) } : selection];
      }
      const fragment = fragments.get(selection.name.value);
      if (!fragment) return [];
      const { typeCondition } = fragment;
      const { directives = [] } = selection;
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: withoutSpreads(fragment.selectionSet, fragments) }];
    }),
  };
}

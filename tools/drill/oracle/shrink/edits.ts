import {
  Kind,
  visit,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The document with its `number`th possible simplification made: something left out, or a fragment replaced by what it holds. Larger
 * parts come first. Undefined past the last one. The result may be invalid: unused fragments and variables are not looked after.
 */
export function editDocument(document: DocumentNode, number: number): DocumentNode | undefined {
  const fragments = new Map(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  let seen = 0;
  let isDone = false;
  const edited = visit(document, {
    enter(node) {
      if (isDone) return undefined;
      for (const edit of editsOf(node, fragments)) {
        if (seen++ !== number) continue;
        isDone = true;
        return edit;
      }
      return undefined;
    },
  });
  return isDone ? edited : undefined;
}

function editsOf(node: ASTNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly ASTNode[] {
  switch (node.kind) {
    case Kind.SELECTION_SET:
      return editsOfSelections(node, fragments);
    case Kind.FIELD:
      return [
        ...(node.alias ? [{ ...node, alias: undefined }] : []),
        ...(node.directives ?? []).map((directive) => ({ ...node, directives: node.directives?.filter((one) => one !== directive) })),
        ...(node.arguments ?? []).map((argument) => ({ ...node, arguments: node.arguments?.filter((one) => one !== argument) })),
      ];
    case Kind.INLINE_FRAGMENT:
    case Kind.FRAGMENT_SPREAD:
      return (node.directives ?? []).length > 0 ? [{ ...node, directives: [] }] : [];
    case Kind.OBJECT:
      return node.fields.map((field) => ({ ...node, fields: node.fields.filter((one) => one !== field) }));
    case Kind.LIST:
      return node.values.map((value) => ({ ...node, values: node.values.filter((one) => one !== value) }));
    case Kind.VARIABLE_DEFINITION:
      return node.defaultValue ? [{ ...node, defaultValue: undefined }] : [];
    default:
      return [];
  }
}

function editsOfSelections(node: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly SelectionSetNode[] {
  const { selections } = node;
  const withSelections = (changed: readonly SelectionNode[]): SelectionSetNode => ({ ...node, selections: changed });
  const half = selections.length >> 1;
  const isTypename = selections.length === 1 && selections[0]?.kind === Kind.FIELD && selections[0].name.value === '__typename';
  return [
    ...(selections.length > 3 ? [withSelections(selections.slice(0, half)), withSelections(selections.slice(half))] : []),
    ...(selections.length > 1 ? selections.map((gone) => withSelections(selections.filter((one) => one !== gone))) : []),
    ...(selections.length === 1 && !isTypename ? [withSelections([TYPENAME])] : []),
    ...selections.flatMap((selection, index) => {
      const inner = contentOf(selection, fragments);
      return inner ? [withSelections([...selections.slice(0, index), ...inner, ...selections.slice(index + 1)])] : [];
    }),
  ];
}

function contentOf(selection: SelectionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly SelectionNode[] | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections;
  if (selection.kind !== Kind.FRAGMENT_SPREAD) return undefined;
  const fragment = fragments.get(selection.name.value);
  const { directives } = selection;
  return (
    fragment && [{ kind: Kind.INLINE_FRAGMENT, typeCondition: fragment.typeCondition, directives, selectionSet: fragment.selectionSet }]
  );
}

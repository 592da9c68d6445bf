import { Kind, parse, type ConstDirectiveNode, type ConstObjectValueNode, type SelectionSetNode } from 'graphql';

/** What a field takes by `@fromContext`: `@join__field(contextArguments: [{ context:, selection: }])`. */
export function contextSelections(
  directive: ConstDirectiveNode,
): readonly { readonly context: string; readonly selection: SelectionSetNode }[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'contextArguments')?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((one) => {
    if (one.kind !== Kind.OBJECT) return [];
    const context = textOf(one, 'context');
    const text = textOf(one, 'selection')?.trim();
    if (context === undefined || text === undefined) return [];
    const [definition] = parse(text.startsWith('{') ? text : `{${text}}`, { noLocation: true }).definitions;
    return definition?.kind === Kind.OPERATION_DEFINITION ? [{ context, selection: definition.selectionSet }] : [];
  });
}

function textOf({ fields }: ConstObjectValueNode, name: string): string | undefined {
  const value = fields.find((field) => field.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

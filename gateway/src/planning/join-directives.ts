import { Kind, parse, type ConstDirectiveNode, type SelectionSetNode } from 'graphql';

interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** The directives of one name, of a definition that may not be there. */
export function directivesOf(node: Annotated | null | undefined, name: string): readonly ConstDirectiveNode[] {
  return node?.directives?.filter((directive) => directive.name.value === name) ?? [];
}

/** A string, an enum value or a boolean, as text; undefined when it is left out. */
export function textArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value !== undefined && 'value' in value ? String(value.value) : undefined;
}

/** A field set: what `key`, `requires` and `provides` hold. */
export function fieldSetArgument(directive: ConstDirectiveNode, name: string): SelectionSetNode | undefined {
  const text = textArgument(directive, name);
  if (text === undefined) return undefined;
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

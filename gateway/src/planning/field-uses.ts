import {
  Kind,
  parse,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

export type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Whether a subgraph (`graph`: its name in the supergraph) names a field of a type in a key, `@requires` or `@provides`. */
export type IsFieldUsed = (type: string, field: string, graph: string) => boolean;

/** Reads where the field sets of a supergraph are used. A field of an interface counts as one of all its types, and the other way round. */
export function readFieldUses({ definitions }: DocumentNode): IsFieldUsed {
  const types = new Map(definitions.flatMap((one) => (isTypeWithFields(one) ? [[one.name.value, one] as const] : [])));
  const uses = new Set<string>();
  const walk = (set: SelectionSetNode, typename: string, graph: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? typename, graph);
        continue;
      }
      for (const type of relatives(typename)) uses.add(`${type}.${selection.name.value}@${graph}`);
      const field = types.get(typename)?.fields?.find(({ name }) => name.value === selection.name.value);
      if (selection.selectionSet && field) walk(selection.selectionSet, nameOf(field.type), graph);
    }
  };
  const relatives = (typename: string): readonly string[] => [
    typename,
    ...(types.get(typename)?.interfaces?.map(({ name }) => name.value) ?? []),
    ...[...types.values()]
      .filter(({ interfaces }) => interfaces?.some(({ name }) => name.value === typename))
      .map(({ name }) => name.value),
  ];
  const use = (directive: DirectiveNode, name: string, typename: string): void => {
    const set = argumentOf(directive, name);
    const graph = argumentOf(directive, 'graph');
    const parsed = set === undefined ? undefined : parse(`{${set}}`, { noLocation: true }).definitions[0];
    if (parsed?.kind === Kind.OPERATION_DEFINITION && graph !== undefined) walk(parsed.selectionSet, typename, graph);
  };
  for (const type of types.values()) {
    for (const directive of type.directives ?? []) if (directive.name.value === 'join__type') use(directive, 'key', type.name.value);
    for (const field of type.fields ?? []) {
      for (const directive of field.directives ?? []) {
        if (directive.name.value !== 'join__field') continue;
        use(directive, 'requires', type.name.value);
        use(directive, 'provides', nameOf(field.type));
      }
    }
  }
  return (type, field, graph) => uses.has(`${type}.${field}@${graph}`);
}

/** The type without the `external: true` of named fields in subgraphs that do not use them: planners refuse a field that has no use. */
export function withoutUnusedExternals(type: TypeWithFields, names: ReadonlySet<string>, isUsed: IsFieldUsed): TypeWithFields | undefined {
  if (!type.fields?.some(({ name }) => names.has(name.value))) return undefined;
  const prune = (field: FieldDefinitionNode): FieldDefinitionNode => {
    if (!names.has(field.name.value)) return field;
    const directives = field.directives?.filter((directive) => {
      const graph = argumentOf(directive, 'graph');
      if (directive.name.value !== 'join__field' || graph === undefined || argumentOf(directive, 'external') !== 'true') return true;
      return isUsed(type.name.value, field.name.value, graph);
    });
    return { ...field, ...(directives === undefined ? {} : { directives }) };
  };
  return { ...type, fields: type.fields.map(prune) };
}

/** The text of a literal argument. */
function argumentOf({ arguments: args }: DirectiveNode, name: string): string | undefined {
  const value = args?.find((argument) => argument.name.value === name)?.value;
  if (value === undefined || !('value' in value)) return undefined;
  return String(value.value);
}

function isTypeWithFields(definition: DocumentNode['definitions'][number]): definition is TypeWithFields {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

export function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

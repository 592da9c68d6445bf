import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  typeFromAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/**
 * The schema coordinates an operation uses: every type it touches, fields, arguments it passes, enum values and input fields it writes,
 * directives. A variable may hold anything its type allows: all that can be reached through it counts as used. A field selected on an interface
 * is used on every type that implements it.
 */
export function usedCoordinates(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (!parent) return;
        const implementing = isInterfaceType(parent) ? schema.getPossibleTypes(parent) : [];
        for (const { name } of [parent, ...implementing]) {
          used.add(`${name}.${node.name.value}`);
          for (const argument of node.arguments ?? []) used.add(`${name}.${node.name.value}(${argument.name.value}:)`);
        }
        used.add(parent.name);
        const type = getNamedType(types.getType());
        if (type) used.add(type.name);
      },
      InlineFragment: noteCondition,
      FragmentDefinition: noteCondition,
      Directive(node) {
        used.add(`@${node.name.value}`);
        for (const argument of node.arguments ?? []) used.add(`@${node.name.value}(${argument.name.value}:)`);
      },
      VariableDefinition(node) {
        const type = typeFromAST(schema, node.type);
        if (type) noteInput(getNamedType(type));
      },
      ObjectField(node) {
        const input = getNamedType(types.getParentInputType());
        if (input) used.add(`${input.name}.${node.name.value}`);
      },
      ObjectValue() {
        const input = getNamedType(types.getInputType());
        if (input) used.add(input.name);
      },
      EnumValue(node) {
        const type = getNamedType(types.getInputType());
        if (type) used.add(type.name).add(`${type.name}.${node.value}`);
      },
      Argument() {
        const type = getNamedType(types.getInputType());
        if (type) used.add(type.name);
      },
    }),
  );
  return used;

  function noteCondition(): void {
    const type = types.getType();
    if (isCompositeType(type)) used.add(type.name);
    // A condition on an interface or union holds for its members.
    if (isAbstractType(type)) for (const { name } of schema.getPossibleTypes(type)) used.add(name);
  }

  function noteInput(type: GraphQLNamedType): void {
    if (used.has(`variable ${type.name}`)) return;
    used.add(`variable ${type.name}`).add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
    if (!isInputObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      used.add(`${type.name}.${field.name}`);
      noteInput(getNamedType(field.type));
    }
  }
}

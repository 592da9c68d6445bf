import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that others refer to, by name. */
export interface Components {
  readonly schemas: Record<string, JsonSchema>;
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  DateTimeISO: { type: 'string', format: 'date-time' },
};

/** What may be sent for a variable; null is as good as leaving it out, and not said. */
export function schemaOfInput(type: GraphQLInputType, components: Components): JsonSchema {
  if (isNonNullType(type)) return schemaOfInput(type.ofType, components);
  if (isListType(type)) return { type: 'array', items: schemaOfInput(type.ofType, components) };
  if (isEnumType(type)) return enumReference(type, components);
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? {};
  const fields = Object.values(type.getFields());
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.name, described(schemaOfInput(field.type, components), field.description)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

interface Selected {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly components: Components;
}

/** What is answered of a selection; where that is one fragment and nothing else, by the fragment's name. */
export function schemaOfOutput(type: GraphQLOutputType, selection: SelectionSetNode | undefined, selected: Selected): JsonSchema {
  if (isNonNullType(type)) return schemaOfNamed(type.ofType, selection, selected);
  return nullable(schemaOfNamed(type, selection, selected));
}

function schemaOfNamed(type: GraphQLOutputType, selection: SelectionSetNode | undefined, selected: Selected): JsonSchema {
  if (isListType(type)) return { type: 'array', items: schemaOfOutput(type.ofType as GraphQLOutputType, selection, selected) };
  if (isEnumType(type)) return enumReference(type, selected.components);
  if (!isObjectType(type) || selection === undefined) return SCALARS[getNamedType(type).name] ?? {};
  const [only, ...others] = selection.selections;
  if (only?.kind !== Kind.FRAGMENT_SPREAD || others.length > 0) return schemaOfObject(type, selection, selected);
  const name = only.name.value;
  const fragment = selected.fragments.get(name);
  if (fragment !== undefined && selected.components.schemas[name] === undefined) {
    selected.components.schemas[name] = described(schemaOfObject(type, fragment.selectionSet, selected), type.description);
  }
  return reference(name);
}

function schemaOfObject(type: GraphQLObjectType, selection: SelectionSetNode, selected: Selected): JsonSchema {
  const properties = propertiesOf(type, selection, selected);
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** Routes select of object types only, so that a fragment always applies. */
function propertiesOf(type: GraphQLObjectType, selection: SelectionSetNode, selected: Selected): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {};
  for (const node of selection.selections) {
    if (node.kind === Kind.FIELD) {
      const field: GraphQLField<unknown, unknown> | undefined = type.getFields()[node.name.value];
      if (field === undefined) continue;
      const schema = schemaOfOutput(field.type, node.selectionSet, selected);
      properties[(node.alias ?? node.name).value] = described(schema, field.description);
    } else {
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : selected.fragments.get(node.name.value)?.selectionSet;
      if (inner !== undefined) Object.assign(properties, propertiesOf(type, inner, selected));
    }
  }
  return properties;
}

function enumReference(type: GraphQLEnumType, { schemas }: Components): JsonSchema {
  schemas[type.name] ??= {
    type: 'string',
    enum: type.getValues().map(({ name }) => name),
    description: [type.description ?? '', ...type.getValues().map(({ name, description }) => `- ${name}: ${description ?? ''}`)].join('\n'),
  };
  return reference(type.name);
}

function nullable(schema: JsonSchema): JsonSchema {
  return typeof schema['type'] === 'string' ? { ...schema, type: [schema['type'], 'null'] } : { anyOf: [schema, { type: 'null' }] };
}

export function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

export function described(schema: JsonSchema, description: string | null | undefined): JsonSchema {
  return description === null || description === undefined || description === '' ? schema : { ...schema, description };
}

import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isLeafType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;
/** Writes the answer's `data` as JSON text. */
export type WriteData = (variables: Variables) => string;

/** `source` is what the parent's resolver gave; only the field's own resolver knows its shape. */
type Write = (source: unknown, variables: Variables) => string;

/**
 * One operation of one subgraph as a chain of closures that write text. It knows what planners send: aliases, fragments on types, merged
 * selections, arguments, `@skip` and `@include`; resolvers are synchronous. `conditions` are the variables that `@skip` and `@include` read:
 * with other values, compile again (`conditionVariables` names them).
 */
export function compileOperation(schema: GraphQLSchema, document: DocumentNode, conditions: Variables): WriteData {
  const operation = operationOf(document);
  const query = schema.getQueryType();
  if (operation.operation !== 'query' || !query) throw new Error(`The shop's subgraphs answer queries, not a ${operation.operation}.`);
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])));
  const write = compileObject(query, [operation.selectionSet], { fragments, conditions });
  return (variables) => write({}, variables);
}

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1 || !operations[0]) throw new Error('One operation at a time.');
  return operations[0];
}

/** Names of the variables that decide what is selected. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

interface Compilation {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Variables;
}

function compileObject(type: GraphQLObjectType, selections: readonly SelectionSetNode[], compilation: Compilation): Write {
  const collected = new Map<string, FieldNode[]>();
  for (const selection of selections) collect(type, selection, { compilation, into: collected });
  const writers = [...collected].map(([key, nodes], index) => {
    const start = `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`;
    return { start, write: compileField(type, nodes, compilation) };
  });
  return (source, variables) => {
    let text = '';
    for (const { start, write } of writers) text += start + write(source, variables);
    return `${text}}`;
  };
}

/** Fields by response key, as the specification's CollectFields. */
function collect(
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  state: { readonly compilation: Compilation; readonly into: Map<string, FieldNode[]> },
): void {
  const { compilation, into } = state;
  for (const node of selections) {
    if (getDirectiveValues(GraphQLSkipDirective, node, compilation.conditions)?.['if'] === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, node, compilation.conditions)?.['if'] === false) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      const known = into.get(key);
      if (known) known.push(node);
      else into.set(key, [node]);
      continue;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : compilation.fragments.get(node.name.value);
    if (!fragment) throw new Error('A fragment is used that is not there.');
    // No interfaces here: a condition names the type itself, or the union of all entities.
    const condition = fragment.typeCondition?.name.value ?? type.name;
    if (condition === type.name || condition === '_Entity') collect(type, fragment.selectionSet, state);
  }
}

function compileField(parent: GraphQLObjectType, nodes: readonly FieldNode[], compilation: Compilation): Write {
  const node = nodes[0];
  if (!node) throw new Error('A field without a node.');
  const name = node.name.value;
  if (name === '__typename') return () => JSON.stringify(parent.name);
  const field = parent.getFields()[name];
  if (!field) throw new Error(`Cannot query field "${name}" on type "${parent.name}".`);

  const usesVariables = (node.arguments ?? []).some(({ value }) => value.kind !== Kind.INT && value.kind !== Kind.STRING);
  const constant = usesVariables ? undefined : getArgumentValues(field, node);
  const argumentsFor = (variables: Variables): Record<string, unknown> => constant ?? getArgumentValues(field, node, variables);
  const resolve = field.resolve as ((source: unknown, values: Record<string, unknown>) => unknown) | undefined; // as attached: no context
  const read = (source: unknown, variables: Variables): unknown =>
    resolve ? resolve(source, argumentsFor(variables)) : (source as Record<string, unknown>)[name]; // a property of the shop's objects

  const type = getNamedType(field.type);
  if (isLeafType(type)) return (source, variables) => JSON.stringify(read(source, variables) ?? null);
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const writeObject = isObjectType(type)
    ? compileObject(type, selections, compilation)
    : compileUnion(type as GraphQLUnionType, selections, compilation); // the subgraphs have no interfaces and no input types in answers
  return (source, variables) => writeValue(read(source, variables), writeObject, variables);
}

function compileUnion(type: GraphQLUnionType, selections: readonly SelectionSetNode[], compilation: Compilation): Write {
  const byType = new Map(
    type.getTypes().map((possible) => [possible.name, lazily(() => compileObject(possible, selections, compilation))]),
  );
  return (source, variables) => {
    const { __typename } = source as { readonly __typename: string }; // every object of the shop has one
    const write = byType.get(__typename);
    if (!write) throw new Error(`${__typename} is no entity here.`);
    return write()(source, variables);
  };
}

function writeValue(value: unknown, writeObject: Write, variables: Variables): string {
  if (value === null || value === undefined) return 'null';
  if (!Array.isArray(value)) return writeObject(value, variables);
  let text = '';
  for (const item of value) text += (text === '' ? '[' : ',') + writeValue(item, writeObject, variables);
  return text === '' ? '[]' : `${text}]`;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

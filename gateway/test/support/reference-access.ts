import type { Identity } from '@loomgraph/auth';
import {
  execute,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { NEEDS, type Needs } from './guarded-subgraphs.js';

/**
 * What access means, written a second time and in another way: over the hand-written table, and for answers by graphql-js over the data as one
 * object, with an error thrown wherever a caller may not have a field.
 */
export function referenceAnswer(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
  readonly identity: Identity | null;
  readonly rootValue: unknown;
}): { readonly data: unknown; readonly places: readonly string[] } {
  const { schema, document, operationName, variables, identity } = options;
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('There is no operation.');
  const forbidden = new Set<FieldNode>();
  const places = new Set<string>();
  const root = schema.getRootType(operation.operation)!;
  const isOn = (selection: SelectionNode): boolean =>
    (selection.directives ?? []).every(({ name, arguments: args }) => {
      const value = args?.find((argument) => argument.name.value === 'if')?.value;
      const given =
        value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE && valueOf(operation, value.name.value, variables);
      return name.value === 'skip' ? !given : name.value !== 'include' || given;
    });
  const cut = (set: SelectionSetNode, at: Place, path: readonly string[]): SelectionSetNode => ({
    ...set,
    selections: set.selections.filter(isOn).flatMap((selection): SelectionNode[] => {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragmentOf(document, selection.name.value) : selection;
        const below = enter(schema, at, fragment.typeCondition?.name.value);
        if (below.possible.length === 0) return []; // no object is ever asked for it
        return [
          { kind: Kind.INLINE_FRAGMENT, typeCondition: fragment.typeCondition, selectionSet: cut(fragment.selectionSet, below, path) },
        ];
      }
      const keys = [...path, (selection.alias ?? selection.name).value];
      if (!mayHave(identity, at.possible, selection.name.value)) {
        const node: FieldNode = {
          ...selection,
          ...(selection.selectionSet ? { selectionSet: { kind: Kind.SELECTION_SET, selections: [] } } : {}),
        };
        forbidden.add(node);
        places.add(keys.join('.'));
        return [node];
      }
      if (!selection.selectionSet) return [selection];
      const type = typeOfField(schema, at.parent, selection.name.value);
      if (type === undefined) return [selection];
      const named = getNamedType(type).name;
      return [{ ...selection, selectionSet: cut(selection.selectionSet, placeOf(schema, named), [...keys, ...items(type)]) }];
    }),
  });
  const shown: OperationDefinitionNode = { ...operation, selectionSet: cut(operation.selectionSet, placeOf(schema, root.name), []) };
  const result = execute({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [shown] },
    variableValues: variables,
    rootValue: options.rootValue,
    fieldResolver(source: Record<string, unknown>, _args, _context, { fieldNodes, fieldName }) {
      if (fieldNodes.every((node) => forbidden.has(node))) throw new Error('forbidden');
      return source[fieldName];
    },
  }) as ExecutionResult; // nothing is asynchronous
  return { data: result.data ?? null, places: [...places].toSorted() };
}

/** Coordinates in the text of a fetch that the caller may not have. @param schema of the subgraph it is sent to */
export function forbiddenInFetch(schema: GraphQLSchema, document: DocumentNode, identity: Identity | null): readonly string[] {
  const found: string[] = [];
  const walk = (set: SelectionSetNode, at: Place): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (!mayHave(identity, at.possible, name)) found.push(`${at.parent}.${name}`);
        const type = typeOfField(schema, at.parent, name);
        if (selection.selectionSet && type !== undefined) walk(selection.selectionSet, placeOf(schema, getNamedType(type).name));
      } else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragmentOf(document, selection.name.value) : selection;
        walk(fragment.selectionSet, enter(schema, at, fragment.typeCondition?.name.value));
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    walk(definition.selectionSet, placeOf(schema, schema.getRootType(definition.operation)!.name));
  }
  return found;
}

interface Place {
  readonly parent: string;
  readonly possible: readonly string[];
}

function placeOf(schema: GraphQLSchema, parent: string): Place {
  const type = schema.getType(parent);
  // An interface object stands for objects of all types of the interface.
  if (isObjectType(type)) return { parent, possible: parent === 'Node' ? ['User', 'Bot'] : [parent] };
  return { parent, possible: isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [] };
}

function enter(schema: GraphQLSchema, at: Place, condition: string | undefined): Place {
  if (condition === undefined) return at;
  const { possible } = placeOf(schema, condition);
  return { parent: condition, possible: possible.filter((type) => at.possible.includes(type)) };
}

function mayHave(identity: Identity | null, possible: readonly string[], field: string): boolean {
  return possible.every((type) => meets(identity, NEEDS[`${type}.${field}`] ?? {}));
}

function meets(identity: Identity | null, { authenticated, scopes, policies }: Needs): boolean {
  if (authenticated === true && identity === null) return false;
  const hasOne = (sets: Needs['scopes'], has: readonly string[]): boolean =>
    sets === undefined || sets.some((set) => set.every((name) => has.includes(name)));
  return hasOne(scopes, identity?.scopes ?? []) && hasOne(policies, identity?.roles ?? []);
}

function fragmentOf(document: DocumentNode, name: string) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  throw new Error(`There is no fragment ${name}.`);
}

function typeOfField(schema: GraphQLSchema, parent: string, field: string): GraphQLOutputType | undefined {
  const type = schema.getType(parent);
  return type && 'getFields' in type ? (type.getFields()[field] as { type: GraphQLOutputType } | undefined)?.type : undefined; // outputs only
}

function items(type: GraphQLOutputType): readonly string[] {
  if (isNonNullType(type)) return items(type.ofType as GraphQLOutputType);
  return isListType(type) ? ['@', ...items(type.ofType as GraphQLOutputType)] : [];
}

function valueOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  name: string,
  variables: Record<string, unknown> | undefined,
): boolean {
  const given = variables?.[name];
  if (given !== undefined) return given === true;
  const fallback = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return fallback?.kind === Kind.BOOLEAN && fallback.value;
}

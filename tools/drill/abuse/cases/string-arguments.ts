import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** One place of the public API that takes a text: an argument of a root field, or a field of an input inside it. */
export interface StringArgument {
  readonly kind: 'query' | 'mutation';
  readonly field: string;
  /** `filter.tags`, `input.rows.slug`. */
  readonly path: string;
  /** An operation with this text there, and harmless values wherever else one is required. */
  operation(text: string): { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
}

/** Inputs inside inputs: deeper ones are the same types again. */
const MAX_DEPTH = 4;
const TEXTS = new Set(['String', 'ID']);

/** Every argument of the schema's root fields that takes a text, in the schema's order. */
export function stringArguments(schema: GraphQLSchema): readonly StringArgument[] {
  const roots = [
    { kind: 'query' as const, type: schema.getQueryType() },
    { kind: 'mutation' as const, type: schema.getMutationType() },
  ];
  return roots.flatMap(({ kind, type }) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        placesIn(argument.type, argument.name).map(({ path, build }) => ({
          kind,
          field: field.name,
          path,
          operation: (text: string) => operationOf(kind, field, { [argument.name]: build(text) }),
        })),
      ),
    ),
  );
}

/** A field of the schema with harmless values for what it requires. @throws Error when there is no such field */
export function harmlessOperation(
  schema: GraphQLSchema,
  kind: StringArgument['kind'],
  name: string,
): { readonly query: string; readonly variables: Readonly<Record<string, unknown>> } {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  const field = root?.getFields()[name];
  if (!field) throw new Error(`The schema has no ${kind} ${name}.`);
  return operationOf(kind, field, {});
}

interface Place {
  readonly path: string;
  readonly build: (text: string) => unknown;
}

function placesIn(type: GraphQLInputType, path: string, depth = 0): readonly Place[] {
  if (depth > MAX_DEPTH) return [];
  if (isNonNullType(type)) return placesIn(type.ofType, path, depth);
  if (isListType(type)) return placesIn(type.ofType, path, depth).map(({ path, build }) => ({ path, build: (text) => [build(text)] }));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return fields.flatMap((field) =>
      placesIn(field.type, `${path}.${field.name}`, depth + 1).map((inner) => ({
        path: inner.path,
        build: (text: string) => ({ ...required(fields), [field.name]: inner.build(text) }),
      })),
    );
  }
  return TEXTS.has(type.name) ? [{ path, build: (text) => text }] : [];
}

function operationOf(kind: StringArgument['kind'], field: GraphQLField<unknown, unknown>, given: Readonly<Record<string, unknown>>) {
  const variables = { ...required(field.args), ...given };
  const used = field.args.filter(({ name }) => name in variables);
  const declared = inBrackets(used.map(({ name, type }) => `$${name}: ${String(type)}`));
  const passed = inBrackets(used.map(({ name }) => `${name}: $${name}`));
  return { query: `${kind} Text${declared} { ${field.name}${passed}${selectionOf(field.type)} }`, variables };
}

const inBrackets = (parts: readonly string[]): string => (parts.length === 0 ? '' : `(${parts.join(' ')})`);

/** Harmless values for what must be given. */
function required(
  inputs: readonly { readonly name: string; readonly type: GraphQLInputType; readonly defaultValue?: unknown }[],
): Record<string, unknown> {
  return Object.fromEntries(
    inputs.flatMap(({ name, type, defaultValue }) =>
      isNonNullType(type) && defaultValue === undefined ? [[name, harmless(type.ofType)]] : [],
    ),
  );
}

function harmless(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return harmless(type.ofType);
  if (isListType(type)) return [harmless(type.ofType)];
  if (isInputObjectType(type)) return required(Object.values(type.getFields()));
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (type.name) {
    case 'Int':
    case 'Float':
    case 'SafeInt':
      return 1;
    case 'Boolean':
      return true;
    case 'DateTimeISO':
      return '2026-01-01T00:00:00.000Z';
    case 'JSONObject':
    case 'JSON':
      return {};
    default:
      return 'x';
  }
}

/** A name alone: what it is of does not matter here. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) || isUnionType(named) ? ' { __typename }' : '';
}

import {
  defaultTypeResolver,
  execute,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
} from 'graphql';
import type { RaisedError } from '../../request/mask-errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';

export interface CompletionSource {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** As the client sent them. */
  readonly rawVariables: Readonly<Record<string, unknown>> | undefined;
  readonly data: JsonObject;
  readonly dataKeyOf: (field: FieldNode) => string;
  /** Fields the caller may not have; their errors are raised elsewhere. */
  readonly cut?: ReadonlySet<FieldNode> | undefined;
  /** Errors raised already. */
  readonly errors: readonly RaisedError[];
  /** Paths below which nulls have an error elsewhere. */
  readonly explained: readonly (readonly (string | number)[])[];
}

/**
 * Completes an answer whose data breaks a promise of the schema (null where none may be, a value of another type): graphql-js executes
 * the operation over it, so nulls propagate and errors get their paths by the reference implementation. Slow, and only for such answers.
 * @returns the data as JSON text, and the errors nobody has raised yet
 */
export function completeAnswer(source: CompletionSource): { readonly data: string; readonly errors: readonly RaisedError[] } {
  const result = execute({
    schema: source.schema,
    document: source.document,
    operationName: source.operationName,
    variableValues: source.rawVariables,
    rootValue: source.data,
    fieldResolver: createReader(source),
    typeResolver: resolveType,
  });
  if (result instanceof Promise) throw new Error('Nothing in an answer is asynchronous.');
  const isExplained = explainedBy(source);
  const errors = (result.errors ?? []).filter(({ path, originalError }) => originalError !== CUT && !isExplained(path ?? []));
  return { data: JSON.stringify(result.data ?? null), errors: errors.map(toRaised) };
}

/** Thrown for what is cut, so that nulls propagate from there as from any error. */
const CUT = new Error('The caller may not have this field.');

function createReader({ dataKeyOf, cut }: CompletionSource): GraphQLFieldResolver<unknown, unknown> {
  return (object, _args, _context, { fieldNodes, returnType }) => {
    const field = cut === undefined ? fieldNodes[0] : fieldNodes.find((node) => !cut.has(node));
    if (field === undefined) throw CUT;
    if (!isJsonObject(object)) return undefined;
    const value = object[dataKeyOf(field)];
    if (value !== null && value !== undefined && !hasShapeOf(value, returnType)) {
      throw new Error('The subgraph answered a value of another type.');
    }
    return value;
  };
}

function hasShapeOf(value: unknown, type: GraphQLOutputType): boolean {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return Array.isArray(value); // its items are looked at when they are completed
  if (!isCompositeType(nullable)) return true; // leaves are judged by their own types
  if (!isJsonObject(value)) return false;
  return !isObjectType(nullable) || value['__typename'] === undefined || value['__typename'] === nullable.name;
}

const resolveType: GraphQLTypeResolver<unknown, unknown> = (value, context, info, type) => {
  const typename = isJsonObject(value) ? value['__typename'] : undefined;
  const isKnown = typeof typename === 'string' && isObjectType(info.schema.getType(typename));
  if (isKnown) return defaultTypeResolver(value, context, info, type);
  const isOwnFieldsOnly = typename === undefined || (typeof typename === 'string' && isAbstractType(info.schema.getType(typename)));
  // The plan asked for nothing but the interface's own fields, which every one of its types has.
  if (isInterfaceType(type) && isOwnFieldsOnly) return info.schema.getPossibleTypes(type)[0]?.name;
  // Its name is not repeated: the API schema may hide that type.
  throw new Error('The subgraph answered an object of a type that is not in the schema.');
};

/** A null is explained by an error at its place, below it, or above it. */
function explainedBy({ errors, explained }: CompletionSource): (path: readonly (string | number)[]) => boolean {
  const paths = [...explained, ...errors.flatMap(({ path }) => (path === undefined ? [] : [path]))];
  return (path) => paths.some((other) => other.slice(0, path.length).every((segment, index) => segment === path[index]));
}

function toRaised(error: GraphQLError): RaisedError {
  return {
    message: error.message,
    path: error.path,
    extensions: { code: 'SUBGRAPH_ANSWER_INVALID' },
    originalError: error,
  };
}

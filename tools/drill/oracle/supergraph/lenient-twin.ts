import {
  buildSchema,
  GraphQLError,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  visit,
  parse,
  print,
  Kind,
  type TypeNode,
} from 'graphql';
import { installTypes } from './monolith.ts';
import type { World } from './world.ts';

/**
 * The monolith with every field nullable. Nothing is nulled but what failed itself, so one execution shows every error that an
 * executor may report, also those that graphql-js leaves out because a sibling's failure came first.
 */
export function buildLenientTwin(apiSdl: string): GraphQLSchema {
  const strict = buildSchema(apiSdl);
  const twin = buildSchema(withoutNonNull(apiSdl));
  installTypes(twin, (field, resolve, coordinate) => {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const strictType = strict.getType(typeName);
    if (!isObjectType(strictType)) throw new Error(`${typeName} is an object type in one schema only.`);
    const { type } = strictType.getFields()[fieldName]!; // the same fields but for nullability
    field.resolve = failingOnNull(type, resolve, coordinate);
  });
  return twin;
}

function withoutNonNull(sdl: string): string {
  return print(visit(parse(sdl), { FieldDefinition: (field) => ({ ...field, type: nullable(field.type) }) }));
}

function nullable(type: TypeNode): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) return nullable(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...type, type: nullable(type.type) } : type;
}

/** A null where none may be becomes an error in its place: graphql-js throws errors it finds among the values. */
function failingOnNull(
  type: GraphQLOutputType,
  resolve: GraphQLFieldResolver<unknown, World>,
  coordinate: string,
): GraphQLFieldResolver<unknown, World> {
  return async (source, args, world, info) => checked(type, await resolve(source, args, world, info), coordinate);
}

function checked(type: GraphQLOutputType, value: unknown, coordinate: string): unknown {
  if (isNonNullType(type)) {
    return value == null
      ? new GraphQLError(`Cannot return null for non-nullable field ${coordinate}.`)
      : checked(type.ofType, value, coordinate);
  }
  if (isListType(type) && Array.isArray(value)) return value.map((item) => checked(type.ofType, item, coordinate));
  return value;
}

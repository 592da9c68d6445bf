import { GraphQLError, GraphQLScalarType, type GraphQLSchema } from 'graphql';

/** Gives the custom scalars of a schema built from SDL their conversions. */
export function installScalars(schema: GraphQLSchema): void {
  const dateTime = schema.getType('DateTime');
  if (!(dateTime instanceof GraphQLScalarType)) return;
  dateTime.serialize = (value) => {
    if (value instanceof Date) return value.toISOString();
    throw new GraphQLError(`DateTime cannot represent ${JSON.stringify(value)}`);
  };
  dateTime.parseValue = (value) => {
    const date = new Date(String(value));
    if (Number.isNaN(date.getTime())) throw new GraphQLError(`DateTime cannot represent ${JSON.stringify(value)}`);
    return date;
  };
  dateTime.parseLiteral = (node) => dateTime.parseValue('value' in node ? node.value : undefined);
}

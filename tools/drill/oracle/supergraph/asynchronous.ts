import { getNullableType, isListType, type GraphQLOutputType } from 'graphql';

/**
 * A field's value whose completion never fails synchronously. graphql-js 16 gives up a list or object at the first synchronous
 * failure and leaves the promises beside it alone: the rejection of one of them would end this process.
 */
export async function asynchronous(type: GraphQLOutputType, value: unknown): Promise<unknown> {
  return deferNulls(type, await value);
}

/** A null where none may be is a failure, too. */
function deferNulls(type: GraphQLOutputType, value: unknown): unknown {
  const list = getNullableType(type);
  if (!isListType(list) || !Array.isArray(value)) return value;
  return value.map((item) => (item == null ? Promise.resolve(item) : deferNulls(list.ofType, item)));
}

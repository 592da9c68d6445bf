import { GraphQLError } from 'graphql';

/** Something the check needs cannot be read. The message is for the person at the terminal. */
export class SchemaFailure extends Error {}

/** `file.graphql:3:7: Syntax Error: ...` */
export function unreadable(place: string, error: unknown): SchemaFailure {
  const [at] = error instanceof GraphQLError ? (error.locations ?? []) : [];
  return new SchemaFailure(`${place}${at === undefined ? '' : `:${at.line}:${at.column}`}: ${(error as Error).message}`);
}

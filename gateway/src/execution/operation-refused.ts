import type { ErrorCode } from '@loomgraph/core';
import type { GraphQLError } from 'graphql';

/** The operation cannot be executed; `errors` are fit for clients. */
export class OperationRefused extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly errors: readonly GraphQLError[],
    readonly status: number = 400,
  ) {
    super(errors[0]?.message ?? code);
  }
}

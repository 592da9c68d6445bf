import type { Identity } from '@loomgraph/auth';
import { GraphQLError } from 'graphql';
import type { CompiledOperation } from '../execution/compiled-operation.js';
import { OperationRefused } from '../execution/operation-refused.js';
import { unauthorizedErrors } from './operation-access.js';

const UNKNOWN_STATUS = 401;
const KNOWN_STATUS = 403;

/**
 * Refuses an operation whole where its caller may not have all it asks for with these variables.
 * @throws OperationRefused UNAUTHORIZED_FIELD_OR_TYPE, with an error for each place
 */
export function assertAuthorized(
  { unauthorized }: CompiledOperation,
  identity: Identity | null,
  variables: Readonly<Record<string, unknown>>,
): void {
  if (unauthorized === undefined) return;
  const errors = unauthorizedErrors(unauthorized.places, variables).map(({ message, path }) => new GraphQLError(message, { path }));
  if (errors.length === 0) return;
  throw new OperationRefused('UNAUTHORIZED_FIELD_OR_TYPE', errors, identity === null ? UNKNOWN_STATUS : KNOWN_STATUS);
}

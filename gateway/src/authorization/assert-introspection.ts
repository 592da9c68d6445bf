import type { Identity } from '@loomgraph/auth';
import { errorCatalogue, type ErrorCode } from '@loomgraph/core';
import { GraphQLError } from 'graphql';
import type { CompiledOperation } from '../execution/compiled-operation.js';
import { OperationRefused } from '../execution/operation-refused.js';
import type { IntrospectionSetting } from './introspection-setting.js';

/** Who may read the schema where the setting is `role`. */
export const INTROSPECTION_ROLES: readonly string[] = ['admin', 'introspection'];
const FORBIDDEN_STATUS = 403;

/**
 * Refuses an operation that reads the schema, wherever it does, to a caller who may not. What is `off` is refused by validation.
 * @throws OperationRefused UNAUTHENTICATED, FORBIDDEN
 */
export function assertMayIntrospect(
  { isIntrospective }: CompiledOperation,
  identity: Identity | null,
  setting: IntrospectionSetting,
): void {
  if (!isIntrospective || setting === 'public') return;
  if (identity === null)
    throw refusal('UNAUTHENTICATED', 'Reading the schema needs an access token: send `Authorization: Bearer <token>`.');
  if (setting === 'authenticated' || identity.roles.some((role) => INTROSPECTION_ROLES.includes(role))) return;
  throw refusal('FORBIDDEN', `Reading the schema needs one of the roles ${INTROSPECTION_ROLES.join(', ')}.`, FORBIDDEN_STATUS);
}

function refusal(code: ErrorCode, message: string, status: number = errorCatalogue[code].status): OperationRefused {
  return new OperationRefused(code, [new GraphQLError(message)], status);
}

import type { Identity } from '@loomgraph/auth';
import { errorCatalogue, type ErrorCode } from '@loomgraph/core';
import { GraphQLError } from 'graphql';
import type { EngineRequest } from '../execution/engine.js';
import { OperationRefused } from '../execution/operation-refused.js';
import type { ExplainSetting } from './explain-setting.js';

/** `plan`: the operation is planned and not executed. `full`: it is executed, and answered as ever. */
export type ExplainMode = 'plan' | 'full';

const ROLES: readonly string[] = ['admin', 'explain'];
const FORBIDDEN_STATUS = 403;

/**
 * Whether a request asks to be explained (`extensions.explain`: `true`, `"full"` or `"plan"`); undefined when it does not.
 *
 * Who may not is refused the whole request: executing what was meant as a dry run would be worse than not executing it.
 * @throws OperationRefused BAD_REQUEST, UNAUTHENTICATED, FORBIDDEN
 */
export function explainModeOf({ extensions, caller }: EngineRequest, setting: ExplainSetting): ExplainMode | undefined {
  const asked = extensions?.['explain'];
  if (asked === undefined || asked === null || asked === false) return undefined;
  const mode = asked === true ? 'full' : asked;
  if (mode !== 'plan' && mode !== 'full') throw refusal('BAD_REQUEST', '"extensions.explain" must be true, "full" or "plan".');
  if (setting === 'off') throw refusal('FORBIDDEN', 'Explanations are switched off here.', FORBIDDEN_STATUS);
  if (setting === 'role') assertMayExplain(caller.identity);
  return mode;
}

function assertMayExplain(identity: Identity | null): void {
  if (identity === null) throw refusal('UNAUTHENTICATED', 'Explanations need an access token: send `Authorization: Bearer <token>`.');
  if (identity.roles.some((role) => ROLES.includes(role))) return;
  throw refusal('FORBIDDEN', `Explanations need one of the roles ${ROLES.join(', ')}.`, FORBIDDEN_STATUS);
}

function refusal(code: ErrorCode, message: string, status: number = errorCatalogue[code].status): OperationRefused {
  return new OperationRefused(code, [new GraphQLError(message)], status);
}

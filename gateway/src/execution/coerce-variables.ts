import { getVariableValues } from 'graphql';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { UnauthorizedSetting } from '../authorization/unauthorized-setting.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import { assertVariableListsWithin } from '../request/limits/variable-lists.js';
import type { CompiledOperation } from './compiled-operation.js';
import type { EngineRequest } from './engine.js';
import type { Generation } from './generation.js';
import { OperationRefused } from './operation-refused.js';
import { withoutSuggestions } from './valid-document.js';

const MAX_VARIABLE_ERRORS = 20;
const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({});

export interface CoercionSettings {
  readonly limits: Pick<DocumentLimits, 'maxListSize'>;
  readonly introspection: IntrospectionSetting;
  readonly unauthorized?: UnauthorizedSetting | undefined;
}

/** Variables by the names the operation has for them. @throws OperationRefused BAD_USER_INPUT, LimitExceededError */
export function coerceVariables(
  generation: Generation,
  operation: CompiledOperation,
  { variables = NO_VARIABLES }: EngineRequest,
  { limits, introspection }: CoercionSettings,
): Readonly<Record<string, unknown>> {
  if (!operation.hasVariables) return NO_VARIABLES;
  assertVariableListsWithin(variables, limits.maxListSize);
  const definitions = operation.operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(generation.apiSchema, definitions, variables, { maxErrors: MAX_VARIABLE_ERRORS });
  if (errors !== undefined) {
    throw new OperationRefused('BAD_USER_INPUT', introspection === 'public' ? errors : errors.map(withoutSuggestions));
  }
  return coerced;
}

import { abstractTypeCases } from './abstract-types.ts';
import { conditionCases } from './conditions.ts';
import { interfaceObjectCases } from './interface-objects.ts';
import { keyCases } from './keys.ts';
import type { NamedCase } from './named-case.ts';
import { nullCases } from './nulls-and-errors.ts';
import { operationCases } from './operations.ts';
import { providesAndOverrideCases } from './provides-and-override.ts';
import { refusedPlanCases } from './refused-plans.ts';
import { requiresCases } from './requires.ts';

export const namedCases: readonly NamedCase[] = [
  ...keyCases,
  ...requiresCases,
  ...refusedPlanCases,
  ...providesAndOverrideCases,
  ...interfaceObjectCases,
  ...abstractTypeCases,
  ...nullCases,
  ...conditionCases,
  ...operationCases,
];

import type { Authorizer } from './authorizer.js';
import { builtInRules } from './built-in-roles.js';
import { createAuthorizer } from './policy-authorizer.js';
import type { PolicySource } from './policy-source.js';
import { noFacts } from './policy.js';

/** Of a timer. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The built-in roles and nothing else, where there is no policy data: callers have the role of everyone and what their tokens vouch for. */
export const builtInPolicy: PolicySource = {
  version: () => Promise.resolve(0),
  changesSince: () => Promise.resolve([]),
  rules: () => Promise.resolve(builtInRules),
  factsOf: () => Promise.resolve(noFacts),
};

/** Over the built-in roles alone, for a subgraph without policy data: it reads nothing, so there is nothing to close. */
export function createBuiltInAuthorizer(): Authorizer {
  return createAuthorizer({
    source: builtInPolicy,
    pollMs: LONGEST_TIMEOUT_MS,
    maxUnconfirmedMs: Infinity,
    tokenRoles: ({ roles }) => roles,
  });
}

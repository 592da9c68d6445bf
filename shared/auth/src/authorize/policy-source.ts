import type { PolicyRule, SubjectFacts } from './policy.js';

/** What a change touched: the permissions of roles, the facts of a user, or those of every member of a group. */
export type PolicyChange = { readonly kind: 'rules' } | { readonly kind: 'user' | 'group'; readonly id: string };

/**
 * Where an authorizer reads the policy data.
 *
 * 1. `version` rises with every committed change, in the order of the commits; who reads a version reads, from then on, everything that was
 *    committed with it.
 * 2. `changesSince` answers what was touched after a version, or `all` where that is too much or not known any more.
 * 3. Every method rejects with StoreError when the data cannot be read. `factsOf` answers empty facts for a user nobody knows.
 */
export interface PolicySource {
  version(): Promise<number>;
  changesSince(version: number): Promise<readonly PolicyChange[] | 'all'>;
  rules(): Promise<readonly PolicyRule[]>;
  factsOf(userId: string): Promise<SubjectFacts>;
}

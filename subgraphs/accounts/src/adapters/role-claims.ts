import type { AccountReader, ClaimsSource } from '../domain/ports.js';

/** Claims from the roles a user was given, where no permission engine says more. */
export function createRoleClaims(reader: Pick<AccountReader, 'rolesOf'>): ClaimsSource {
  return {
    async claimsOf(userId) {
      return { roles: (await reader.rolesOf([userId])).get(userId) ?? [], scopes: [] };
    },
  };
}

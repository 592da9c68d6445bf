import type { Identity } from '../identity.js';

/** The roles of an access token that count beside those of the policy data, held globally. */
export type TokenRoles = (identity: Identity) => readonly string[];

const none: readonly string[] = [];

/**
 * Tokens of this product's own sessions and its API keys name a user of the policy data, so their roles, up to an hour old, never count. Other
 * issuers' users and development tokens have nothing but their claims.
 * @param mapping from a role as the token has it to one of the product's; without it names are taken as they are
 */
export function tokenRolesOf(mapping?: Readonly<Record<string, string>>): TokenRoles {
  const remembered = new WeakMap<readonly string[], readonly string[]>();
  return ({ sessionId, apiKeyId, roles }) => {
    if (sessionId !== undefined || apiKeyId !== undefined || roles.length === 0) return none;
    if (mapping === undefined) return roles;
    const known = remembered.get(roles);
    if (known) return known;
    const mapped = roles.flatMap((role) => (Object.hasOwn(mapping, role) ? [mapping[role] ?? role] : []));
    remembered.set(roles, mapped);
    return mapped;
  };
}

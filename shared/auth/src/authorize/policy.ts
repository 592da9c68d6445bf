/** How far a permission reaches among the resources where its role is held: all, the subject's own, or those shared with its groups. */
export const reaches = ['any', 'own', 'group'] as const;
export type Reach = (typeof reaches)[number];

/** Stands for every resource type or every action. */
export const ANY = '*';

/** The role that everyone holds who is signed in, without being assigned it. */
export const EVERYONE = 'user';

/** A permission of a role. `type` and `action` are names of the catalogue, or `*`. */
export interface PolicyRule {
  readonly role: string;
  readonly type: string;
  readonly action: string;
  readonly reach: Reach;
}

export interface HeldRole {
  readonly role: string;
  /** Where it is held; null for everywhere. */
  readonly companyId: string | null;
}

/** An action that is allowed on one resource. */
export interface ResourceGrant {
  readonly type: string;
  readonly id: string;
  /** Or `*`. */
  readonly action: string;
}

/** All the policy data of one user. */
export interface SubjectFacts {
  readonly roles: readonly HeldRole[];
  readonly groups: readonly string[];
  /** Their own and those of their groups. */
  readonly grants: readonly ResourceGrant[];
}

export const noFacts: SubjectFacts = { roles: [], groups: [], grants: [] };

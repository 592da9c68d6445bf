/** Where a role can be held: everywhere, or for a company. */
export type RoleScope = 'global' | 'company';

/** How far a permission reaches where its role is held: all resources, the holder's own, or those shared with the holder's groups. */
export type Reach = 'any' | 'own' | 'group';

/** An action on a resource type, by their names in the catalogue; `*` stands for all. */
export interface Permission {
  readonly type: string;
  readonly action: string;
  readonly reach: Reach;
}

export interface Role {
  /** Its id: lower case, words joined by `-`. */
  readonly name: string;
  readonly scope: RoleScope;
  readonly title: string;
  readonly description: string;
  /** Comes with the product and cannot be changed. */
  readonly isBuiltIn: boolean;
  readonly permissions: readonly Permission[];
  readonly revision: number;
}

/** A role that a user holds. */
export interface Membership {
  readonly userId: string;
  readonly role: string;
  /** Where it is held; null for everywhere. */
  readonly companyId: string | null;
  readonly assignedBy: string;
  readonly assignedAt: Date;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Null for a group of the installation. */
  readonly companyId: string | null;
  readonly createdAt: Date;
  readonly revision: number;
}

export interface GroupMember {
  readonly groupId: string;
  readonly userId: string;
  readonly addedBy: string;
  readonly addedAt: Date;
}

export type GranteeKind = 'user' | 'group';

/** An action that is allowed on one resource, to a user or to the members of a group. */
export interface Grant {
  readonly id: string;
  readonly granteeKind: GranteeKind;
  readonly granteeId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly action: string;
  readonly grantedBy: string;
  readonly grantedAt: Date;
}

/** The role of operators, of whom there is always one. */
export const ADMIN_ROLE = 'admin';
/** The role of a company's owners, of whom there is always one once there was. */
export const OWNER_ROLE = 'owner';
/** Held by everyone who is signed in, and so never assigned. */
export const EVERYONE_ROLE = 'user';

export const permissionLimits = {
  nameLength: 64,
  titleLength: 200,
  descriptionLength: 2_000,
  permissionsPerRole: 200,
  membersAtOnce: 100,
  resourceIdLength: 191,
  idLength: 64,
} as const;

/** What a change of the policy touched; authorizers forget what they know of it. */
export type PolicyChange = { readonly kind: 'rules' } | { readonly kind: 'user' | 'group'; readonly id: string };

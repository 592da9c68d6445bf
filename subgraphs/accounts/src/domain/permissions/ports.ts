import type { LazyPage, PageRequest, ResourceFilter } from '@loomgraph/core';
import type { Actor } from '../audit-trail.js';
import type { Grant, GranteeKind, Group, GroupMember, Membership, Permission, PolicyChange, Role, RoleScope } from './permissions.js';

/** Every given condition must hold. */
export interface RoleFilter {
  readonly scope?: RoleScope;
  readonly isBuiltIn?: boolean;
  /** Part of name or title, any case. */
  readonly contains?: string;
}

export interface MembershipFilter {
  readonly userId?: string;
  readonly role?: string;
  readonly companyId?: string;
  readonly scope?: RoleScope;
}

export interface GroupFilter {
  readonly companyId?: string;
  /** With this user as a member. */
  readonly memberId?: string;
  readonly contains?: string;
}

export interface GrantFilter {
  readonly granteeKind?: GranteeKind;
  readonly granteeId?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly action?: string;
}

/** Reads from the record; pages are complete whatever is visible. `visible` says what the caller may see. */
export interface PermissionReader {
  /** By name. */
  listRoles(filter: RoleFilter, page: PageRequest): Promise<LazyPage<Role>>;
  rolesByNames(names: readonly string[]): Promise<readonly Role[]>;
  /** Latest first. */
  listMemberships(filter: MembershipFilter, visible: ResourceFilter, page: PageRequest): Promise<LazyPage<Membership>>;
  /** All of each user, for loaders. */
  membershipsOf(userIds: readonly string[]): Promise<readonly Membership[]>;
  /** By name. */
  listGroups(filter: GroupFilter, visible: ResourceFilter, page: PageRequest): Promise<LazyPage<Group>>;
  groupsByIds(ids: readonly string[]): Promise<readonly Group[]>;
  /** By user id. */
  listMembers(groupId: string, page: PageRequest): Promise<LazyPage<GroupMember>>;
  /** Latest first. */
  listGrants(filter: GrantFilter, page: PageRequest): Promise<LazyPage<Grant>>;
  grantsByIds(ids: readonly string[]): Promise<readonly Grant[]>;
}

/** Something for the audit log, which is written in the same transaction. */
export interface PermissionFact {
  readonly action: string;
  readonly resource: { readonly type: string; readonly id?: string };
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Writes within one transaction. Those that change the policy run one after the other, so that what was read stays true until the commit.
 * Whatever allows or forbids anything from then on is told to `changed`, once for each user, group or set of rules.
 */
export interface PermissionWriter {
  role(name: string): Promise<Role | null>;
  insertRole(role: Role): Promise<void>;
  updateRole(role: Role): Promise<void>;
  /** With its permissions. */
  deleteRole(name: string): Promise<void>;
  membership(key: MembershipKey): Promise<Membership | null>;
  insertMembership(membership: Membership): Promise<void>;
  deleteMembership(key: MembershipKey): Promise<void>;
  /** How many hold the role globally, or for the company. */
  countHolders(role: string, companyId: string | null): Promise<number>;
  /** How many hold the role anywhere. */
  countAllHolders(role: string): Promise<number>;
  group(id: string): Promise<Group | null>;
  groupNamed(name: string, companyId: string | null): Promise<Group | null>;
  insertGroup(group: Group): Promise<void>;
  updateGroup(group: Group): Promise<void>;
  /** With its memberships and the grants to it. */
  deleteGroup(id: string): Promise<void>;
  /** @returns the users that were no members before */
  addMembers(groupId: string, userIds: readonly string[], added: { by: string; at: Date }): Promise<readonly string[]>;
  /** @returns the users that were members before */
  removeMembers(groupId: string, userIds: readonly string[]): Promise<readonly string[]>;
  grant(id: string): Promise<Grant | null>;
  grantLike(grant: Pick<Grant, 'granteeKind' | 'granteeId' | 'resourceType' | 'resourceId' | 'action'>): Promise<Grant | null>;
  insertGrant(grant: Grant): Promise<void>;
  deleteGrant(id: string): Promise<void>;
  /** Which of these users there are not. */
  unknownUsers(userIds: readonly string[]): Promise<readonly string[]>;
  changed(change: PolicyChange): void;
  audit(fact: PermissionFact): void;
}

export interface MembershipKey {
  readonly userId: string;
  readonly role: string;
  readonly companyId: string | null;
}

/** Who changes the policy, and what they may hand out. */
export interface PolicyActor {
  readonly userId: string;
  /** Which of the permissions the actor does not hold themselves, globally or for the company. Asked outside of transactions. */
  lacks(permissions: readonly Permission[], companyId: string | null): Promise<readonly Permission[]>;
  /** Who it is to the audit log. */
  readonly audited: Actor;
}

export interface PermissionUnitOfWork {
  /** Resolves once the change, where there was one, counts in this process. */
  run<T>(actor: Partial<Actor>, work: (writer: PermissionWriter) => Promise<T>): Promise<T>;
}

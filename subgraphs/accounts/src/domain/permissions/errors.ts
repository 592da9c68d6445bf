import { DomainError } from '@loomgraph/core';
import type { Permission } from './permissions.js';

export class RoleNotFound extends DomainError {
  constructor(name: string) {
    super('NOT_FOUND', `There is no role "${name}"; list them with roles.`, { details: { role: name } });
  }
}

export class RoleNameTaken extends DomainError {
  constructor(name: string) {
    super('CONFLICT', `There is a role "${name}" already.`, { details: { role: name } });
  }
}

export class BuiltInRoleFixed extends DomainError {
  constructor(name: string) {
    super('BAD_USER_INPUT', `The role "${name}" comes with the product and cannot be changed: make one of your own with createRole.`, {
      details: { role: name },
    });
  }
}

export class RoleInUse extends DomainError {
  constructor(name: string, holders: number) {
    super('CONFLICT', `The role "${name}" is held ${holders} times: take it away with removeRole first.`, {
      details: { role: name, holders },
    });
  }
}

export class RoleChanged extends DomainError {
  constructor(name: string) {
    super('CONFLICT', `The role "${name}" changed meanwhile: read it again and repeat the change.`, { details: { role: name } });
  }
}

export class UnknownPermission extends DomainError {
  constructor({ type, action }: Pick<Permission, 'type' | 'action'>) {
    super('BAD_USER_INPUT', `There is no permission "${type}:${action}"; list them with permissionCatalogue.`, {
      details: { permission: `${type}:${action}` },
    });
  }
}

export class PermissionOutOfScope extends DomainError {
  constructor({ type, action }: Pick<Permission, 'type' | 'action'>) {
    super(
      'BAD_USER_INPUT',
      `"${type}:${action}" is not about resources of a company, so a role of companies cannot have it: make the role a global one.`,
      { details: { permission: `${type}:${action}` } },
    );
  }
}

export class WrongRoleScope extends DomainError {
  constructor(name: string, wanted: 'global' | 'company') {
    const what = wanted === 'company' ? 'is held for a company: give companyId' : 'is held everywhere: leave companyId out';
    super('BAD_USER_INPUT', `The role "${name}" ${what}.`, { details: { role: name, scope: wanted } });
  }
}

export class EveryoneHasRole extends DomainError {
  constructor(name: string) {
    super('BAD_USER_INPUT', `Everyone who is signed in has the role "${name}": it is not assigned.`, { details: { role: name } });
  }
}

export class MoreThanOwn extends DomainError {
  constructor(lacking: readonly Permission[]) {
    const names = lacking.map(({ type, action }) => `${type}:${action}`);
    super('FORBIDDEN', `Nobody hands out more than they may do themselves; you lack ${names.slice(0, 10).join(', ')}.`, {
      details: { permissions: names.slice(0, 100) },
    });
  }
}

export class LastHolder extends DomainError {
  constructor(name: string, companyId: string | null) {
    const where = companyId === null ? '' : ` of company ${companyId}`;
    super('CONFLICT', `This is the last "${name}"${where}: give the role to somebody else first.`, { details: { role: name } });
  }
}

export class MembershipNotFound extends DomainError {
  constructor(userId: string, role: string) {
    super('NOT_FOUND', `User ${userId} does not hold the role "${role}" there; list what they hold with memberships.`, {
      details: { userId, role },
    });
  }
}

export class UsersNotFound extends DomainError {
  constructor(userIds: readonly string[]) {
    super('NOT_FOUND', `There is no user ${userIds.slice(0, 10).join(', ')}.`, { details: { userIds: userIds.slice(0, 100) } });
  }
}

export class GroupNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no group ${id}; list them with groups.`, { details: { groupId: id } });
  }
}

export class GroupNameTaken extends DomainError {
  constructor(name: string) {
    super('CONFLICT', `There is a group "${name}" already.`, { details: { name } });
  }
}

export class GrantNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no grant ${id}; list them with grants.`, { details: { grantId: id } });
  }
}

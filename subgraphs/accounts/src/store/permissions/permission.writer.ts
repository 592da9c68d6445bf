import { createEvent, eventCatalogue } from '@loomgraph/events';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Transaction, UnitOfWork } from '@loomgraph/sync';
import { auditNote, type Actor } from '../../domain/audit-trail.js';
import type { Grant, Membership, Permission, PolicyChange } from '../../domain/permissions/permissions.js';
import type { MembershipKey, PermissionFact, PermissionUnitOfWork, PermissionWriter } from '../../domain/permissions/ports.js';
import type { WriteAudit } from '../audited.js';
import { UserEntity, UserRoleEntity } from '../entities.js';
import { GroupMemberEntity, ResourceGrantEntity, RoleEntity, RolePermissionEntity, UserGroupEntity } from './entities.js';
import { toGroup, toMembership, withPermissions, type RoleRow } from './permission.reader.js';
import { lockPolicy, raisePolicy } from './policy-version.js';

export interface PermissionUnitOfWorkOptions {
  readonly unitOfWork: UnitOfWork;
  readonly store: RelationalStore;
  readonly audit: WriteAudit;
  /** Resolves once the change counts in this process; its failure is nobody's. */
  readonly onChanged: () => Promise<void>;
}

/** Writers of the policy, one after the other: each holds the row of its version from the start. */
export function createPermissionUnitOfWork(options: PermissionUnitOfWorkOptions): PermissionUnitOfWork {
  const { unitOfWork, store, onChanged } = options;
  return {
    async run(actor: Partial<Actor>, work) {
      let changes: readonly PolicyChange[] = [];
      const result = await unitOfWork.run(async (transaction) => {
        const { em } = transaction;
        const version = await lockPolicy(em, store);
        const writing = createWriter(transaction);
        const answer = await work(writing.writer);
        changes = writing.changes();
        if (changes.length > 0) {
          const next = await raisePolicy(em, { store, version, changes });
          transaction.append(createEvent(eventCatalogue['accounts.permissions-changed'], { version: next }));
        }
        const notes = writing.facts().map((fact) => auditNote({ ...fact, actor }));
        if (notes.length > 0) await options.audit(em, notes);
        return answer;
      });
      if (changes.length > 0) await onChanged().catch(() => undefined);
      return result;
    },
  };
}

/** What is not read again in the same transaction is written past the identity map. */
function createWriter({ em }: Transaction) {
  const changes = new Map<string, PolicyChange>();
  const facts: PermissionFact[] = [];
  const roleRow = async (name: string): Promise<RoleRow | null> => (await em.findOne(RoleEntity, { name })) as unknown as RoleRow | null;
  const keyOf = ({ userId, role, companyId }: MembershipKey) => ({ userId, role, companyId: companyId ?? '' });
  const insertPermissions = async (name: string, permissions: readonly Permission[]): Promise<void> => {
    if (permissions.length === 0) return;
    await em.insertMany(
      RolePermissionEntity,
      permissions.map(({ type, action, reach }) => ({ roleName: name, resourceType: type, action, reach })),
    );
  };

  const writer: PermissionWriter = {
    async role(name) {
      const row = await roleRow(name);
      return row ? ((await withPermissions(em, [row]))[0] ?? null) : null;
    },
    async insertRole({ permissions, revision: _assigned, ...role }) {
      await em.insert(RoleEntity, role);
      await insertPermissions(role.name, permissions);
    },
    async updateRole({ name, permissions, revision, ...columns }) {
      await em.nativeUpdate(RoleEntity, { name }, { ...columns, revision: revision + 1 });
      await em.nativeDelete(RolePermissionEntity, { roleName: name });
      await insertPermissions(name, permissions);
    },
    async deleteRole(name) {
      await em.nativeDelete(RolePermissionEntity, { roleName: name });
      await em.nativeDelete(RoleEntity, { name });
    },

    async membership(key) {
      const row = await em.findOne(UserRoleEntity, keyOf(key));
      return row && toMembership(row);
    },
    async insertMembership({ assignedBy, assignedAt, ...key }: Membership) {
      await em.insert(UserRoleEntity, { ...keyOf(key), assignedBy, assignedAt });
    },
    async deleteMembership(key) {
      await em.nativeDelete(UserRoleEntity, keyOf(key));
    },
    countHolders: (role, companyId) => em.count(UserRoleEntity, { role, companyId: companyId ?? '' }),
    countAllHolders: (role) => em.count(UserRoleEntity, { role }),

    async group(id) {
      const row = await em.findOne(UserGroupEntity, { id });
      return row && toGroup(row);
    },
    async groupNamed(name, companyId) {
      const row = await em.findOne(UserGroupEntity, { name, companyId: companyId ?? '' });
      return row && toGroup(row);
    },
    async insertGroup({ revision: _assigned, companyId, ...group }) {
      await em.insert(UserGroupEntity, { ...group, companyId: companyId ?? '' });
    },
    async updateGroup({ id, name, description, revision }) {
      await em.nativeUpdate(UserGroupEntity, { id }, { name, description, revision: revision + 1 });
    },
    async deleteGroup(id) {
      await em.nativeDelete(ResourceGrantEntity, { granteeKind: 'group', granteeId: id });
      await em.nativeDelete(GroupMemberEntity, { groupId: id });
      await em.nativeDelete(UserGroupEntity, { id });
    },
    async addMembers(groupId, userIds, { by, at }) {
      const present = new Set((await em.find(GroupMemberEntity, { groupId, userId: { $in: [...userIds] } })).map(({ userId }) => userId));
      const added = userIds.filter((userId) => !present.has(userId));
      if (added.length > 0)
        await em.insertMany(
          GroupMemberEntity,
          added.map((userId) => ({ groupId, userId, addedBy: by, addedAt: at })),
        );
      return added;
    },
    async removeMembers(groupId, userIds) {
      const removed = (await em.find(GroupMemberEntity, { groupId, userId: { $in: [...userIds] } })).map(({ userId }) => userId);
      if (removed.length > 0) await em.nativeDelete(GroupMemberEntity, { groupId, userId: { $in: removed } });
      return removed;
    },

    grant: async (id) => (await em.findOne(ResourceGrantEntity, { id })) as unknown as Grant | null,
    grantLike: async ({ granteeKind, granteeId, resourceType, resourceId, action }) =>
      (await em.findOne(ResourceGrantEntity, { granteeKind, granteeId, resourceType, resourceId, action })) as unknown as Grant | null,
    async insertGrant(grant) {
      await em.insert(ResourceGrantEntity, { ...grant });
    },
    async deleteGrant(id) {
      await em.nativeDelete(ResourceGrantEntity, { id });
    },

    async unknownUsers(userIds) {
      const known = new Set((await em.find(UserEntity, { id: { $in: [...userIds] } }, { fields: ['id'] })).map(({ id }) => id));
      return userIds.filter((userId) => !known.has(userId));
    },
    changed: (change) => void changes.set(change.kind === 'rules' ? 'rules' : `${change.kind}:${change.id}`, change),
    audit: (fact) => void facts.push(fact),
  };
  return { writer, changes: () => [...changes.values()], facts: () => facts };
}

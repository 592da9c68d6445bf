import type { Clock, IdSource } from '@loomgraph/core';
import { GroupNameTaken, GroupNotFound, UsersNotFound } from './errors.js';
import type { Group } from './permissions.js';
import type { PermissionUnitOfWork, PermissionWriter, PolicyActor } from './ports.js';

export interface GroupManagement {
  /** @throws GroupNameTaken within the company, or among the installation's */
  create(fields: Pick<Group, 'name' | 'description' | 'companyId'>, actor: PolicyActor): Promise<Group>;
  /** @throws GroupNotFound, GroupNameTaken */
  update(id: string, changes: Partial<Pick<Group, 'name' | 'description'>>, actor: PolicyActor): Promise<Group>;
  /** With its memberships and the grants to it. @throws GroupNotFound */
  remove(id: string, actor: PolicyActor): Promise<void>;
  /** May be repeated. @throws GroupNotFound, UsersNotFound */
  addMembers(id: string, userIds: readonly string[], actor: PolicyActor): Promise<Group>;
  /** Who is no member is passed over. @throws GroupNotFound */
  removeMembers(id: string, userIds: readonly string[], actor: PolicyActor): Promise<Group>;
}

export function createGroupManagement(deps: { unitOfWork: PermissionUnitOfWork; clock: Clock; ids: IdSource }): GroupManagement {
  const { unitOfWork, clock, ids } = deps;

  const existing = async (writer: PermissionWriter, id: string): Promise<Group> => {
    const group = await writer.group(id);
    if (!group) throw new GroupNotFound(id);
    return group;
  };
  const tell = (writer: PermissionWriter, action: string, id: string, details?: Record<string, string | number>): void =>
    writer.audit({ action, resource: { type: 'UserGroup', id }, ...(details === undefined ? {} : { details }) });

  return {
    create: (fields, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        if (await writer.groupNamed(fields.name, fields.companyId)) throw new GroupNameTaken(fields.name);
        const group: Group = { ...fields, id: ids.next(), createdAt: clock.now(), revision: 1 };
        await writer.insertGroup(group);
        tell(writer, 'group.create', group.id, fields.companyId === null ? undefined : { companyId: fields.companyId });
        return group;
      }),

    update: (id, changes, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        const current = await existing(writer, id);
        const next = { ...current, name: changes.name ?? current.name, description: changes.description ?? current.description };
        if (next.name === current.name && next.description === current.description) return current;
        if (next.name !== current.name && (await writer.groupNamed(next.name, next.companyId))) throw new GroupNameTaken(next.name);
        await writer.updateGroup(next);
        tell(writer, 'group.update', id);
        return { ...next, revision: current.revision + 1 };
      }),

    remove: (id, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        await existing(writer, id);
        await writer.deleteGroup(id);
        writer.changed({ kind: 'group', id });
        tell(writer, 'group.delete', id);
      }),

    addMembers: (id, userIds, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        const group = await existing(writer, id);
        const unknown = await writer.unknownUsers(userIds);
        if (unknown.length > 0) throw new UsersNotFound(unknown);
        const added = await writer.addMembers(id, [...new Set(userIds)], { by: actor.userId, at: clock.now() });
        for (const userId of added) {
          writer.changed({ kind: 'user', id: userId });
          tell(writer, 'group.add-member', id, { userId });
        }
        return group;
      }),

    removeMembers: (id, userIds, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        const group = await existing(writer, id);
        for (const userId of await writer.removeMembers(id, [...new Set(userIds)])) {
          writer.changed({ kind: 'user', id: userId });
          tell(writer, 'group.remove-member', id, { userId });
        }
        return group;
      }),
  };
}

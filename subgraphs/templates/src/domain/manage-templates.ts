import type { Clock, IdSource } from '@loomgraph/core';
import { changedFields, newTemplate } from './change-template.js';
import { CategoryNotFound, NameTaken, NotTheAuthor, RevisionConflict, TemplateNotFound } from './errors.js';
import type { TemplateUnitOfWork, TemplateWriter } from './ports.js';
import type { Template, TemplateFields } from './template.js';
import { tellChanged } from './template-changed.js';

export interface Actor {
  readonly userId: string;
  readonly isAdmin: boolean;
}

export interface TemplateManagement {
  create(fields: TemplateFields, actor: Actor): Promise<Template>;
  /** @throws TemplateNotFound, NotTheAuthor, RevisionConflict when `expectedRevision` is given and stale */
  update(id: string, fields: Partial<TemplateFields>, actor: Actor, expectedRevision?: number): Promise<Template>;
  /** The template, its ratings and its usages go; every projection follows. */
  remove(id: string, actor: Actor): Promise<void>;
}

export function createTemplateManagement(deps: { unitOfWork: TemplateUnitOfWork; clock: Clock; ids: IdSource }): TemplateManagement {
  const { unitOfWork, clock, ids } = deps;

  const insert = async (writer: TemplateWriter, fields: TemplateFields, actor: Actor): Promise<Template> => {
    if (!(await writer.category(fields.categoryId))) throw new CategoryNotFound(fields.categoryId);
    if (fields.slug && (await writer.templateBySlug(fields.slug))) throw new NameTaken('slug', fields.slug);
    const template = newTemplate(fields, { id: ids.next(), createdBy: actor.userId, now: clock.now() });
    writer.insertTemplate(template);
    tellChanged(writer, { templateId: template.id, change: 'created' }, deps);
    return template;
  };

  const change = async (writer: TemplateWriter, current: Template, fields: Partial<TemplateFields>): Promise<Template> => {
    if (fields.categoryId && fields.categoryId !== current.categoryId && !(await writer.category(fields.categoryId)))
      throw new CategoryNotFound(fields.categoryId);
    if (fields.slug && fields.slug !== current.slug && (await writer.templateBySlug(fields.slug))) throw new NameTaken('slug', fields.slug);
    const changes = changedFields(current, fields);
    if (Object.keys(changes).length === 0) return current;
    const updatedAt = clock.now();
    await writer.updateTemplate(current.id, { ...changes, updatedAt });
    tellChanged(writer, { templateId: current.id, change: 'updated' }, deps);
    return { ...current, ...changes, updatedAt, revision: current.revision + 1 };
  };

  return {
    create: (fields, actor) => unitOfWork.run((writer) => insert(writer, fields, actor)),
    update: (id, fields, actor, expectedRevision) =>
      unitOfWork.run(async (writer) => {
        const current = await lockOwn(writer, id, actor);
        if (expectedRevision !== undefined && expectedRevision !== current.revision)
          throw new RevisionConflict(id, expectedRevision, current.revision);
        return change(writer, current, fields);
      }),
    remove: (id, actor) =>
      unitOfWork.run(async (writer) => {
        await lockOwn(writer, id, actor);
        await writer.deleteTemplate(id);
        tellChanged(writer, { templateId: id, change: 'deleted' }, deps);
      }),
  };
}

async function lockOwn(writer: TemplateWriter, id: string, actor: Actor): Promise<Template> {
  const template = await writer.lockTemplate(id);
  if (!template) throw new TemplateNotFound(id);
  if (!actor.isAdmin && template.createdBy !== actor.userId) throw new NotTheAuthor();
  return template;
}

import type { Clock, IdSource } from '@loomgraph/core';
import { CategoryNotFound, NameTaken, NotTheAuthor, RevisionConflict, TemplateNotFound } from './errors.js';
import type { TemplateUnitOfWork, TemplateWriter } from './ports.js';
import { templateDefaults, type Template, type TemplateFields } from './template.js';

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
  /** Creates or updates by slug, in one transaction for all of them. @returns how many of each */
  importAll(rows: readonly (TemplateFields & { slug: string })[], actor: Actor): Promise<{ created: number; updated: number; unchanged: number }>;
}

export function createTemplateManagement(deps: { unitOfWork: TemplateUnitOfWork; clock: Clock; ids: IdSource }): TemplateManagement {
  const { unitOfWork, clock, ids } = deps;

  const insert = async (writer: TemplateWriter, fields: TemplateFields, actor: Actor): Promise<Template> => {
    if (!(await writer.category(fields.categoryId))) throw new CategoryNotFound(fields.categoryId);
    if (fields.slug && (await writer.templateBySlug(fields.slug))) throw new NameTaken('slug', fields.slug);
    const template = newTemplate(fields, { id: ids.next(), createdBy: actor.userId, now: clock.now() });
    writer.insertTemplate(template);
    return template;
  };

  const change = async (writer: TemplateWriter, current: Template, fields: Partial<TemplateFields>): Promise<Template> => {
    if (fields.categoryId && fields.categoryId !== current.categoryId && !(await writer.category(fields.categoryId))) throw new CategoryNotFound(fields.categoryId);
    if (fields.slug && fields.slug !== current.slug && (await writer.templateBySlug(fields.slug))) throw new NameTaken('slug', fields.slug);
    const changes = changedFields(current, fields);
    if (Object.keys(changes).length === 0) return current;
    const updatedAt = clock.now();
    await writer.updateTemplate(current.id, { ...changes, updatedAt });
    return { ...current, ...changes, updatedAt, revision: current.revision + 1 };
  };

  return {
    create: (fields, actor) => unitOfWork.run((writer) => insert(writer, fields, actor)),
    update: (id, fields, actor, expectedRevision) =>
      unitOfWork.run(async (writer) => {
        const current = await lockOwn(writer, id, actor);
        if (expectedRevision !== undefined && expectedRevision !== current.revision) throw new RevisionConflict(id, expectedRevision, current.revision);
        return change(writer, current, fields);
      }),
    remove: (id, actor) =>
      unitOfWork.run(async (writer) => {
        await lockOwn(writer, id, actor);
        await writer.deleteTemplate(id);
      }),
    importAll: (rows, actor) =>
      unitOfWork.run(async (writer) => {
        const counts = { created: 0, updated: 0, unchanged: 0 };
        for (const row of rows) {
          const current = await writer.templateBySlug(row.slug);
          if (!current) {
            await insert(writer, row, actor);
            counts.created++;
          } else {
            const next = await change(writer, current, row);
            counts[next === current ? 'unchanged' : 'updated']++;
          }
        }
        return counts;
      }),
  };
}

async function lockOwn(writer: TemplateWriter, id: string, actor: Actor): Promise<Template> {
  const template = await writer.lockTemplate(id);
  if (!template) throw new TemplateNotFound(id);
  if (!actor.isAdmin && template.createdBy !== actor.userId) throw new NotTheAuthor();
  return template;
}

function newTemplate(fields: TemplateFields, made: { id: string; createdBy: string; now: Date }): Template {
  return {
    ...templateDefaults,
    slug: null,
    variables: {},
    preview: null,
    tags: [],
    industry: null,
    experienceLevel: null,
    ...given(fields),
    name: fields.name,
    categoryId: fields.categoryId,
    id: made.id,
    usage: 0,
    ratingSum: 0,
    ratingCount: 0,
    createdBy: made.createdBy,
    createdAt: made.now,
    updatedAt: made.now,
    revision: 1,
  };
}

/** Only what differs: an update that changes nothing must not raise the revision. */
function changedFields(current: Template, fields: Partial<TemplateFields>): Partial<Template> {
  const entries = Object.entries(given(fields)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(current[key as keyof Template]));
  return Object.fromEntries(entries);
}

const given = (fields: Partial<TemplateFields>): Partial<TemplateFields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

import type { IdSource } from '@loomgraph/core';
import { CategoryInUse, CategoryNotFound } from './errors.js';
import type { TemplateUnitOfWork } from './ports.js';
import type { Category } from './template.js';

export interface CategoryManagement {
  create(fields: { slug: string; name: string; description?: string }): Promise<Category>;
  /** The search documents of its templates, which hold its name, follow. */
  update(id: string, fields: { name?: string; description?: string }): Promise<Category>;
  /** @throws CategoryInUse while templates are in it */
  remove(id: string): Promise<void>;
}

export function createCategoryManagement(deps: { unitOfWork: TemplateUnitOfWork; ids: IdSource }): CategoryManagement {
  return {
    create: ({ slug, name, description = '' }) =>
      deps.unitOfWork.run((writer) => {
        const category = { id: deps.ids.next(), slug, name, description };
        writer.insertCategory(category);
        return Promise.resolve({ ...category, revision: 1 });
      }),
    update: (id, fields) =>
      deps.unitOfWork.run(async (writer) => {
        const current = await writer.lockCategory(id);
        if (!current) throw new CategoryNotFound(id);
        const changes = Object.fromEntries(
          Object.entries(fields).filter(([key, value]) => value !== undefined && value !== current[key as keyof Category]),
        );
        if (Object.keys(changes).length === 0) return current;
        await writer.updateCategory(id, changes);
        return { ...current, ...changes, revision: current.revision + 1 };
      }),
    remove: (id) =>
      deps.unitOfWork.run(async (writer) => {
        if (!(await writer.lockCategory(id))) throw new CategoryNotFound(id);
        const templates = await writer.countTemplatesIn(id);
        if (templates > 0) throw new CategoryInUse(id, templates);
        await writer.deleteCategory(id);
      }),
  };
}

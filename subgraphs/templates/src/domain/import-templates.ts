import { DomainError, type Clock, type ErrorCode, type IdSource } from '@loomgraph/core';
import { changedFields, newTemplate } from './change-template.js';
import type { Actor } from './manage-templates.js';
import type { TemplateUnitOfWork, TemplateWriter } from './ports.js';
import type { TemplateFields } from './template.js';
import { tellChanged } from './template-changed.js';

/** The most one call takes: one transaction holds its locks for as long as it runs. */
export const MAX_IMPORT_ROWS = 100;

/** A template whose category is named by its slug. */
export interface ImportRow extends Omit<TemplateFields, 'categoryId' | 'slug'> {
  readonly slug: string;
  readonly category: string;
  /** Of a category that is made; one that exists keeps its name. */
  readonly categoryName?: string;
}

export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly categoriesCreated: number;
}

/**
 * Creates or updates templates by slug, in one transaction for all of them: another import of the same rows changes nothing. What a row leaves
 * out keeps its value, or has its default in a new template.
 * @throws ImportRowRefused BAD_USER_INPUT for a slug that comes twice, NOT_FOUND for a missing category with `createCategories: false`
 * @throws StoreError conflict when another import makes one of the slugs at the same moment
 */
export type ImportTemplates = (command: { rows: readonly ImportRow[]; createCategories: boolean }, actor: Actor) => Promise<ImportOutcome>;

/** A row that ends the whole import; `index` counts from 0. */
export class ImportRowRefused extends DomainError {
  constructor(code: ErrorCode, { index, slug, problem }: { index: number; slug: string; problem: string }) {
    super(code, `rows[${index}] (slug "${slug}"): ${problem}`, { details: { rows: [{ index, slug, problems: [problem] }] } });
  }
}

export function createImportTemplates(deps: { unitOfWork: TemplateUnitOfWork; clock: Clock; ids: IdSource }): ImportTemplates {
  const { unitOfWork, clock, ids } = deps;

  const categoryIdsOf = async (
    writer: TemplateWriter,
    rows: readonly ImportRow[],
    createCategories: boolean,
  ): Promise<{ idOf: ReadonlyMap<string, string>; created: number }> => {
    const known = await writer.categoriesBySlugs([...new Set(rows.map((row) => row.category))]);
    const idOf = new Map(known.map(({ slug, id }) => [slug, id]));
    for (const [index, { slug, category, categoryName }] of rows.entries()) {
      if (idOf.has(category)) continue;
      if (!createCategories)
        throw new ImportRowRefused('NOT_FOUND', {
          index,
          slug,
          problem: `there is no category "${category}", and createCategories is false`,
        });
      const id = ids.next();
      writer.insertCategory({ id, slug: category, name: categoryName ?? nameFromSlug(category), description: '' });
      idOf.set(category, id);
    }
    return { idOf, created: idOf.size - known.length };
  };

  return async ({ rows, createCategories }, actor) => {
    assertDistinctSlugs(rows);
    return unitOfWork.run(async (writer) => {
      const categories = await categoryIdsOf(writer, rows, createCategories);
      const current = new Map((await writer.templatesBySlugs(rows.map(({ slug }) => slug))).map((template) => [template.slug, template]));
      const counts = { created: 0, updated: 0, unchanged: 0 };
      const now = clock.now();
      for (const { category, categoryName: _used, ...rest } of rows) {
        const fields: TemplateFields = { ...rest, categoryId: categories.idOf.get(category) as string }; // every row's category was found or made
        const template = current.get(rest.slug);
        if (!template) {
          const created = newTemplate(fields, { id: ids.next(), createdBy: actor.userId, now });
          writer.insertTemplate(created);
          tellChanged(writer, { templateId: created.id, change: 'created' }, deps);
          counts.created++;
          continue;
        }
        const changes = changedFields(template, fields);
        if (Object.keys(changes).length === 0) {
          counts.unchanged++;
          continue;
        }
        await writer.updateTemplate(template.id, { ...changes, updatedAt: now });
        tellChanged(writer, { templateId: template.id, change: 'updated' }, deps);
        counts.updated++;
      }
      return { ...counts, categoriesCreated: categories.created };
    });
  };
}

function assertDistinctSlugs(rows: readonly ImportRow[]): void {
  const firstIndex = new Map<string, number>();
  for (const [index, { slug }] of rows.entries()) {
    const first = firstIndex.get(slug);
    if (first !== undefined)
      throw new ImportRowRefused('BAD_USER_INPUT', { index, slug, problem: `the slug is that of rows[${first}], too` });
    firstIndex.set(slug, index);
  }
}

/** `resume-tech` → `Resume tech`. */
function nameFromSlug(slug: string): string {
  const words = slug.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

import type { ImportTemplates } from '../domain/import-templates.js';
import type { TemplateReader } from '../domain/ports.js';
import type { RateTemplate } from '../domain/rate-template.js';
import type { UseTemplate } from '../domain/use-template.js';
import { readDemoRows } from './demo-rows.js';

/** Fills an empty record with the demo data. @returns the templates that were loaded, 0 when there are templates or categories already */
export type LoadDemo = () => Promise<number>;

const AUTHOR = { userId: 'demo', isAdmin: true };
const USERS = ['demo-1', 'demo-2', 'demo-3', 'demo-4', 'demo-5', 'demo-6'];
/** The first so many templates are used and rated. */
const TRIED_TEMPLATES = 20;
const REVIEWS = [
  '结构清晰,改了十分钟就能投递。',
  'Clear and quick to fill in.',
  '版式很稳,打印出来也好看。',
  'The section order suits my field.',
];

export function createLoadDemo(deps: {
  reader: TemplateReader;
  importTemplates: ImportTemplates;
  rateTemplate: RateTemplate;
  useTemplate: UseTemplate;
}): LoadDemo {
  const { reader, importTemplates, rateTemplate, useTemplate } = deps;
  const list = (limit: number) =>
    reader.listTemplates({}, { field: 'name', direction: 'asc' }, { limit, direction: 'forward', from: null });

  return async () => {
    if ((await reader.categories()).length > 0 || (await list(1)).items.length > 0) return 0;
    const rows = await readDemoRows();
    // One transaction, so that a process that dies here leaves nothing, and the next one begins again.
    const { created } = await importTemplates({ rows, createCategories: true }, AUTHOR);
    const bySlug = new Map((await list(rows.length)).items.map((template) => [template.slug, template.id]));
    for (const [index, { slug }] of rows.slice(0, TRIED_TEMPLATES).entries()) {
      const templateId = bySlug.get(slug);
      if (templateId === undefined) continue;
      for (const [user, userId] of USERS.entries()) {
        if (!isUsedBy(index, user)) continue;
        await useTemplate({ templateId, userId });
        if ((index + user) % 2 !== 0) continue;
        // 2.5 to 5 in halves, spread without chance
        await rateTemplate.rate({
          templateId,
          userId,
          rating: 2.5 + ((index * 5 + user * 3) % 6) / 2,
          review: REVIEWS[(index + user) % REVIEWS.length] ?? null,
        });
      }
    }
    return created;
  };
}

/** Users with a common interest take the same templates, which is what "also used" finds; each strays a little. */
const isUsedBy = (template: number, user: number): boolean => template % 3 === user % 3 || (template + user) % 11 === 0;

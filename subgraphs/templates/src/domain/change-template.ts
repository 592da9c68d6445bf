import { templateDefaults, type Template, type TemplateFields } from './template.js';

/** What an author leaves out has the documented default. */
export function newTemplate(fields: TemplateFields, made: { id: string; createdBy: string; now: Date }): Template {
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
export function changedFields(current: Template, fields: Partial<TemplateFields>): Partial<Template> {
  return Object.fromEntries(Object.entries(given(fields)).filter(([key, value]) => !isSameJson(value, current[key as keyof Template])));
}

const given = (fields: Partial<TemplateFields>): Partial<TemplateFields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Equal as JSON. The order of an object's keys does not count: the databases' JSON types do not keep it. */
function isSameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key as never], b[key as never]))
  );
}

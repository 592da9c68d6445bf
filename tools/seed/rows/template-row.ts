import { limits } from '@loomgraph/subgraph-templates';
import { z } from 'zod';

/** How a text fills a field; JSON values are taken as they are. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'json' | 'list';

/** The fields of `ImportTemplateInput`. */
export const fieldKinds = {
  slug: 'text',
  name: 'text',
  category: 'text',
  categoryName: 'text',
  description: 'text',
  content: 'text',
  variables: 'json',
  preview: 'text',
  isActive: 'boolean',
  tags: 'list',
  industry: 'text',
  experienceLevel: 'text',
  language: 'text',
  version: 'text',
  difficulty: 'number',
  estimatedTime: 'number',
} as const satisfies Record<string, FieldKind>;

export type FieldName = keyof typeof fieldKinds;

const missingOr = (message: string) => ({
  error: ({ input }: { input: unknown }) => (input === undefined ? 'is missing' : message),
});

/** A database counts characters, JavaScript counts halves of them: an emoji is one. */
function text(max: number, min = 0) {
  return z
    .string(missingOr('is not a text'))
    .refine((value) => countCharacters(value) >= min, { error: 'is empty' })
    .refine((value) => countCharacters(value) <= max, {
      error: ({ input }) => `has ${countCharacters(String(input))} characters; at most ${max} fit`,
    });
}

const slug = text(191, 1).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'takes lower-case letters, digits and single hyphens' });
const whole = (min: number, max: number) =>
  z
    .int(missingOr('is not a whole number'))
    .min(min, { error: `is less than ${min}` })
    .max(max, { error: `is more than ${max}` });

/** What the mutation takes, with its bounds; `null` empties a field. */
const templateRow = z.strictObject({
  slug,
  name: text(limits.nameLength, 1),
  category: slug,
  categoryName: text(limits.nameLength, 1).optional(),
  description: text(limits.descriptionLength).optional(),
  content: text(limits.contentLength).optional(),
  variables: z.record(z.string(), z.unknown(), { error: 'is not an object' }).optional(),
  preview: text(1_000).nullable().optional(),
  isActive: z.boolean({ error: 'is neither true nor false' }).optional(),
  tags: z
    .array(text(limits.tagLength, 1), { error: 'is not a list' })
    .max(limits.tags, { error: `has more than ${limits.tags} entries` })
    .optional(),
  industry: text(limits.labelLength).nullable().optional(),
  experienceLevel: text(limits.labelLength).nullable().optional(),
  language: text(35)
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: 'is no BCP 47 tag such as zh or en-GB' })
    .optional(),
  version: text(50, 1).optional(),
  difficulty: whole(1, 5).optional(),
  estimatedTime: whole(1, 10_080).optional(),
});

export type TemplateRow = z.infer<typeof templateRow>;

/** Fields that `null` empties; in all others it means "not given". */
export const emptied: ReadonlySet<string> = new Set(['preview', 'industry', 'experienceLevel']);

export type Checked =
  | { readonly kind: 'fits'; readonly row: TemplateRow }
  | { readonly kind: 'rejected'; readonly problems: readonly string[] };

/** Everything that does not fit, one entry each, beginning with the field. */
export function checkTemplateRow(fields: Readonly<Record<string, unknown>>): Checked {
  const result = templateRow.safeParse(fields);
  const problems = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`);
  for (const [field, value] of Object.entries(fields))
    if (!isStorable(value)) problems.push(`${field} has a character that databases refuse (U+0000 or half a surrogate pair)`);
  return result.success && problems.length === 0 ? { kind: 'fits', row: result.data } : { kind: 'rejected', problems };
}

const countCharacters = (value: string): number => [...value].length;

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}

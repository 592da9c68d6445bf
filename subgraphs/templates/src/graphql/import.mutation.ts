import { requirePermission } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { assertStorableText, problemsOf } from '@loomgraph/subgraph-kit';
import { Length, Matches, MaxLength } from 'class-validator';
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { MAX_IMPORT_ROWS, type ImportRow, type ImportTemplates } from '../domain/import-templates.js';
import { limits } from '../domain/template.js';
import type { TemplatesContext } from './context.js';
import { TemplateFieldsInput } from './template.input.js';
import { allowed, fieldsOf } from './template.mutations.js';

@InputType({ description: 'A template as it is imported; what is left out keeps its value, or has its default in a new template.' })
export class ImportTemplateInput extends TemplateFieldsInput {
  @Field(() => String, { description: 'What the template is recognised by: lower-case letters, digits and hyphens.' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'slug takes lower-case letters, digits and single hyphens' })
  @MaxLength(191)
  slug!: string;

  @Field(() => String, { description: '1 to 200 characters.' })
  @Length(1, limits.nameLength)
  name!: string;

  @Field(() => String, { description: 'Slug of the category it belongs to.' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'category takes lower-case letters, digits and single hyphens' })
  @MaxLength(191)
  category!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the category where it is made, 1 to 200 characters; one that exists keeps its name.',
  })
  @Length(1, limits.nameLength)
  categoryName?: string;
}

@InputType({ description: 'Templates to create or update by slug.' })
export class ImportTemplatesInput {
  @Field(() => [ImportTemplateInput], { description: 'At most 100; each slug once.' })
  rows!: ImportTemplateInput[];

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether categories that do not exist are made; otherwise their rows end the import.',
  })
  createCategories!: boolean;
}

@ObjectType({ description: 'What an import did.', simpleResolvers: true })
export class ImportTemplatesPayload {
  @Field(() => Int, { description: 'Templates that are new.' })
  created!: number;

  @Field(() => Int, { description: 'Templates that were changed.' })
  updated!: number;

  @Field(() => Int, { description: 'Templates that were as their row says already.' })
  unchanged!: number;

  @Field(() => Int, { description: 'Categories that are new.' })
  categoriesCreated!: number;
}

@Resolver()
export class ImportMutation {
  readonly #importTemplates: ImportTemplates;

  constructor(importTemplates: ImportTemplates) {
    this.#importTemplates = importTemplates;
  }

  @Mutation(() => ImportTemplatesPayload, {
    description:
      'Creates or updates templates by slug, all of them or, where one row does not fit, none; may be repeated. For administrators.',
  })
  async importTemplates(
    @Arg('input', () => ImportTemplatesInput, { validateFn: assertRowsFit }) input: ImportTemplatesInput,
    @Ctx() context: TemplatesContext,
  ): Promise<ImportTemplatesPayload> {
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'import', resource: { type: 'template' } });
    const { rows, createCategories } = input;
    return this.#importTemplates({ rows: rows.map(toRow), createCategories }, allowed(identity));
  }
}

function toRow({ category, categoryName, ...fields }: ImportTemplateInput): ImportRow {
  const { slug, name } = fields;
  return { ...fieldsOf(fields), slug, name, category, ...(categoryName == null ? {} : { categoryName }) };
}

/** How many of the rows that do not fit the message names; `details` has the rest, as far as there are any. */
const MAX_NAMED_ROWS = 10;

/**
 * The usual check, except that it says which rows do not fit: the errors of nested inputs would lose their place.
 * @throws LoomError BAD_USER_INPUT
 */
async function assertRowsFit(argument: object | undefined): Promise<void> {
  const input = argument as ImportTemplatesInput; // the argument is required and of this type
  assertStorableText(input);
  if (input.rows.length > MAX_IMPORT_ROWS)
    throw new LoomError('BAD_USER_INPUT', `rows: at most ${MAX_IMPORT_ROWS} at once; there are ${input.rows.length}`);
  const checked = await Promise.all(input.rows.map(async (row, index) => ({ index, slug: row.slug, problems: await problemsOf(row) })));
  const refused = checked.filter(({ problems }) => problems.length > 0);
  if (refused.length === 0) return;
  const named = refused
    .slice(0, MAX_NAMED_ROWS)
    .map(({ index, slug, problems }) => `rows[${index}] (slug "${slug}"): ${problems.join(', ')}`);
  const others = refused.length > MAX_NAMED_ROWS ? `; and ${refused.length - MAX_NAMED_ROWS} more rows` : '';
  throw new LoomError('BAD_USER_INPUT', named.join('; ') + others, { details: { rows: refused } });
}

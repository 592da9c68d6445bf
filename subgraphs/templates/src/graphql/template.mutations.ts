import { requireIdentity, requirePermission, type Identity } from '@loomgraph/auth';
import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { CategoryManagement } from '../domain/manage-categories.js';
import type { Actor, TemplateManagement } from '../domain/manage-templates.js';
import type { TemplateCache } from '../domain/ports.js';
import type { RateTemplate } from '../domain/rate-template.js';
import type { TemplateFields } from '../domain/template.js';
import type { UseTemplate } from '../domain/use-template.js';
import type { TemplatesContext } from './context.js';
import { toTemplate, toTemplateRating } from './present.js';
import {
  CreateTemplateCategoryInput,
  CreateTemplateInput,
  RateTemplateInput,
  type TemplateFieldsInput,
  UpdateTemplateCategoryInput,
  UpdateTemplateInput,
} from './template.input.js';
import { Template, TemplateCategory, TemplateRating } from './template.type.js';

@ObjectType({ description: 'A template after a change.', simpleResolvers: true })
export class TemplatePayload {
  @Field(() => Template, { description: 'The template as committed.' })
  template!: Template;
}

@ObjectType({ description: 'A template and the rating that was set.', simpleResolvers: true })
export class RateTemplatePayload {
  @Field(() => Template, { description: 'The template with its new mean.' })
  template!: Template;

  @Field(() => TemplateRating, { description: 'The rating as kept.' })
  rating!: TemplateRating;
}

@ObjectType({ description: 'A template and how often the caller has used it.', simpleResolvers: true })
export class UseTemplatePayload {
  @Field(() => Template, { description: 'The template with its new count.' })
  template!: Template;

  @Field(() => Int, { description: "The caller's uses of this template, this one included." })
  usageCount!: number;
}

@ObjectType({ description: 'The record that was deleted.', simpleResolvers: true })
export class DeletePayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@ObjectType({ description: 'A category after a change.', simpleResolvers: true })
export class TemplateCategoryPayload {
  @Field(() => TemplateCategory, { description: 'The category as committed.' })
  category!: TemplateCategory;
}

@ObjectType({ description: 'What a cache refresh did.', simpleResolvers: true })
export class RefreshCachePayload {
  @Field(() => Int, { description: 'Entries that were dropped; they are computed anew when next asked for.' })
  dropped!: number;
}

interface MutationDependencies {
  readonly templates: TemplateManagement;
  readonly categories: CategoryManagement;
  readonly rateTemplate: RateTemplate;
  readonly useTemplate: UseTemplate;
  readonly cache: TemplateCache;
}

/** A caller whom the authorizer has let through: the domain need not ask again whose template it is. */
export const allowed = ({ userId }: Identity): Actor => ({ userId, isAdmin: true });

@Resolver(() => Template)
export class TemplateMutations {
  readonly #deps: MutationDependencies;

  constructor(deps: MutationDependencies) {
    this.#deps = deps;
  }

  @Mutation(() => TemplatePayload, { description: 'Makes a template; the caller becomes its author.' })
  async createTemplate(
    @Arg('input', () => CreateTemplateInput) input: CreateTemplateInput,
    @Ctx() context: TemplatesContext,
  ): Promise<TemplatePayload> {
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'create', resource: { type: 'template' } });
    const { name, categoryId } = input;
    return { template: toTemplate(await this.#deps.templates.create({ ...fieldsOf(input), name, categoryId }, allowed(identity))) };
  }

  @Mutation(() => TemplatePayload, { description: 'Changes a template; for its author and administrators.' })
  async updateTemplate(
    @Arg('input', () => UpdateTemplateInput) input: UpdateTemplateInput,
    @Ctx() context: TemplatesContext,
  ): Promise<TemplatePayload> {
    const { id, expectedRevision } = input;
    const actor = await allowedToChange(context, 'update', id);
    return { template: toTemplate(await this.#deps.templates.update(id, fieldsOf(input), actor, expectedRevision ?? undefined)) };
  }

  @Mutation(() => DeletePayload, { description: 'Deletes a template with its ratings and uses; for its author and administrators.' })
  async deleteTemplate(@Arg('id', () => ID) id: string, @Ctx() context: TemplatesContext): Promise<DeletePayload> {
    await this.#deps.templates.remove(id, await allowedToChange(context, 'delete', id));
    return { deletedId: id };
  }

  @Mutation(() => RateTemplatePayload, { description: "Sets the caller's rating of a template, once per user: another one replaces it." })
  async rateTemplate(
    @Arg('input', () => RateTemplateInput) input: RateTemplateInput,
    @Ctx() context: TemplatesContext,
  ): Promise<RateTemplatePayload> {
    const { userId } = await allowedOn('rate', input.templateId, context);
    const { template, rating } = await this.#deps.rateTemplate.rate({ ...input, userId });
    return { template: toTemplate(template), rating: toTemplateRating(rating) };
  }

  @Mutation(() => TemplatePayload, { description: "Takes the caller's rating of a template back." })
  async withdrawTemplateRating(
    @Arg('templateId', () => ID) templateId: string,
    @Ctx() context: TemplatesContext,
  ): Promise<TemplatePayload> {
    const { userId } = await allowedOn('rate', templateId, context);
    return { template: toTemplate(await this.#deps.rateTemplate.withdraw({ templateId, userId })) };
  }

  @Mutation(() => UseTemplatePayload, { description: 'Records that the caller took a template.' })
  async useTemplate(@Arg('templateId', () => ID) templateId: string, @Ctx() context: TemplatesContext): Promise<UseTemplatePayload> {
    const { userId } = await allowedOn('use', templateId, context);
    const { template, usageCount } = await this.#deps.useTemplate({ templateId, userId });
    return { template: toTemplate(template), usageCount };
  }

  @Mutation(() => TemplateCategoryPayload, { description: 'Makes a category. For administrators.' })
  async createTemplateCategory(
    @Arg('input', () => CreateTemplateCategoryInput) input: CreateTemplateCategoryInput,
    @Ctx() context: TemplatesContext,
  ): Promise<TemplateCategoryPayload> {
    await requirePermission(context.authorizer, context.identity, { action: 'create', resource: { type: 'template-category' } });
    return { category: await this.#deps.categories.create({ ...input, description: input.description ?? '' }) };
  }

  @Mutation(() => TemplateCategoryPayload, { description: 'Changes a category; its templates are indexed again. For administrators.' })
  async updateTemplateCategory(
    @Arg('input', () => UpdateTemplateCategoryInput) { id, ...fields }: UpdateTemplateCategoryInput,
    @Ctx() context: TemplatesContext,
  ): Promise<TemplateCategoryPayload> {
    await requirePermission(context.authorizer, context.identity, { action: 'update', resource: { type: 'template-category' } });
    return { category: await this.#deps.categories.update(id, withoutNulls(fields)) };
  }

  @Mutation(() => DeletePayload, { description: 'Deletes an empty category. For administrators.' })
  async deleteTemplateCategory(@Arg('id', () => ID) id: string, @Ctx() context: TemplatesContext): Promise<DeletePayload> {
    await requirePermission(context.authorizer, context.identity, { action: 'delete', resource: { type: 'template-category' } });
    await this.#deps.categories.remove(id);
    return { deletedId: id };
  }

  @Mutation(() => RefreshCachePayload, {
    description: 'Drops cached hot lists (of one category or all) and suggestions. For administrators.',
  })
  async refreshTemplateCache(
    @Ctx() context: TemplatesContext,
    @Arg('categoryId', () => ID, { nullable: true }) categoryId?: string,
  ): Promise<RefreshCachePayload> {
    await requirePermission(context.authorizer, context.identity, { action: 'refresh', resource: { type: 'template-cache' } });
    return { dropped: await this.#deps.cache.refresh(categoryId ?? undefined) };
  }
}

/** The caller, who may do what everybody who is signed in may: an API key only as far as its scopes say. */
function allowedOn(action: 'rate' | 'use', id: string, { authorizer, identity }: TemplatesContext): Promise<Identity> {
  return requirePermission(authorizer, identity, { action, resource: { type: 'template', id } });
}

/**
 * The caller, who may change the template: as its author, by a role, or by a grant. Who made it never changes, so it may be asked before the
 * transaction, which must ask nobody. Of one that is not there the domain tells.
 */
async function allowedToChange(context: TemplatesContext, action: string, id: string): Promise<Actor> {
  const identity = requireIdentity(context.identity);
  const template = await context.loaders.template.load(id);
  if (template)
    await requirePermission(context.authorizer, identity, { action, resource: { type: 'template', id, ownerId: template.createdBy } });
  return template ? allowed(identity) : { userId: identity.userId, isAdmin: false };
}

/** Fields that `null` empties; in all others it means "not given". */
const emptied = new Set(['slug', 'preview', 'industry', 'experienceLevel']);

/** The input's field names are the schema's; the domain's carry units. */
export function fieldsOf(input: TemplateFieldsInput): Partial<TemplateFields> {
  const { estimatedTime, ...rest } = input;
  const fields = { ...rest, estimatedTimeMinutes: estimatedTime } as Record<string, unknown>;
  delete fields['id'];
  delete fields['expectedRevision'];
  return withoutNulls(fields, emptied);
}

function withoutNulls<T extends object>(input: T, keep: ReadonlySet<string> = new Set()): T {
  return Object.fromEntries(Object.entries(input).filter(([key, value]) => value !== undefined && (value !== null || keep.has(key)))) as T;
}

import { LoomError, toPageRequest } from '@loomgraph/core';
import { SortDirection, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { HotTemplates } from '../domain/hot-templates.js';
import type { TemplateOrder, TemplateReader, TemplateSortField } from '../domain/ports.js';
import { ratingCursorTag, templateCursorTag } from '../domain/cursor-tags.js';
import { TemplateConnection, TemplateRatingConnection } from './connection.type.js';
import type { TemplatesContext } from './context.js';
import { pageSize } from './cost.js';
import { toTemplate, toTemplateRating } from './present.js';
import { projectionsOf } from './projections-of.js';
import { RelatedTemplate } from './search.type.js';
import { TemplateFilterInput, TemplateOrderInput, type TemplateOrderField } from './template.input.js';
import { Template, TemplateCategory, TemplateRating } from './template.type.js';

/** Lists inside lists multiply: theirs are short. */
const MAX_NESTED = 20;
const sortFields: Record<TemplateOrderField, TemplateSortField> = {
  NAME: 'name',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
  USAGE: 'usage',
  RATING: 'rating',
  DIFFICULTY: 'difficulty',
  ESTIMATED_TIME: 'estimatedTime',
};
const newestFirst: TemplateOrder = { field: 'createdAt', direction: 'desc' };

@Resolver(() => Template)
export class TemplateResolver {
  readonly #reader: TemplateReader;
  readonly #hotTemplates: HotTemplates;

  constructor(deps: { reader: TemplateReader; hotTemplates: HotTemplates }) {
    this.#reader = deps.reader;
    this.#hotTemplates = deps.hotTemplates;
  }

  @Query(() => Template, { nullable: true, description: 'A template by id; null when there is none.' })
  async template(@Arg('id', () => ID) id: string, @Ctx() context: TemplatesContext): Promise<Template | null> {
    const template = await context.loaders.template.load(id);
    return template && toTemplate(template);
  }

  @Directive(pageSize('edges', 'nodes'))
  @Query(() => TemplateConnection, {
    description:
      'Templates, newest first unless stated; pages of at most 100. Only active ones unless the filter says otherwise; inactive ones are found by their authors, administrators and who was granted to read them.',
  })
  async templates(
    @Ctx() context: TemplatesContext,
    @Arg('filter', () => TemplateFilterInput, { nullable: true }) filter?: TemplateFilterInput,
    @Arg('orderBy', () => TemplateOrderInput, { nullable: true }) orderBy?: TemplateOrderInput,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('last', () => Int, { nullable: true }) last?: number,
    @Arg('before', () => String, { nullable: true }) before?: string,
  ): Promise<TemplateConnection> {
    const order: TemplateOrder = orderBy
      ? { field: sortFields[orderBy.field], direction: orderBy.direction === SortDirection.ASC ? 'asc' : 'desc' }
      : newestFirst;
    const page = toPageRequest({ first, after, last, before }, templateCursorTag(order));
    const wanted = { isActive: true, ...withoutNulls(filter) };
    const listed = wanted.isActive ? wanted : { ...wanted, visible: await context.authorizer.filter(context.identity, 'read', 'template') };
    return toConnection(await this.#reader.listTemplates(listed, order, page), toTemplate);
  }

  @Query(() => [TemplateCategory], { description: 'All categories, by name.' })
  templateCategories(): Promise<readonly TemplateCategory[]> {
    return this.#reader.categories();
  }

  @Query(() => [Template], {
    description: 'The most used active templates of the last 30 days, of one category or all. The order is cached for an hour.',
  })
  async hotTemplates(
    @Ctx() context: TemplatesContext,
    @Arg('categoryId', () => ID, { nullable: true }) categoryId?: string,
    @Arg('first', () => Int, { defaultValue: 10 }) first = 10,
  ): Promise<readonly Template[]> {
    const waiting = context.sync?.caughtUp(projectionsOf.cache);
    if (waiting) await waiting;
    return (await this.#hotTemplates({ limit: first, ...(categoryId ? { categoryId } : {}) })).map(toTemplate);
  }

  @Directive(pageSize('edges'))
  @Query(() => TemplateRatingConnection, { description: 'The ratings of a template, latest first.' })
  async templateRatings(
    @Arg('templateId', () => ID) templateId: string,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('last', () => Int, { nullable: true }) last?: number,
    @Arg('before', () => String, { nullable: true }) before?: string,
  ): Promise<TemplateRatingConnection> {
    return toConnection(
      await this.#reader.ratingsOf(templateId, toPageRequest({ first, after, last, before }, ratingCursorTag)),
      toTemplateRating,
    );
  }

  @FieldResolver(() => TemplateCategory, { nullable: true, description: 'The category it belongs to.' })
  category(@Root() template: Template, @Ctx() context: TemplatesContext): Promise<TemplateCategory | null> {
    return context.loaders.category.load(template.categoryId);
  }

  @FieldResolver(() => [TemplateRating], { description: 'The latest ratings, at most 20; templateRatings has them all.' })
  async ratings(
    @Root() template: Template,
    @Ctx() context: TemplatesContext,
    @Arg('first', () => Int, { defaultValue: 5 }) first = 5,
  ): Promise<readonly TemplateRating[]> {
    assertNested('ratings', first);
    return (await context.loaders.latestRatings(first).load(template.id)).map(toTemplateRating);
  }

  @FieldResolver(() => [RelatedTemplate], {
    description: 'Templates like this one, most similar first, at most 20; similarTemplates has more.',
  })
  async similar(
    @Root() template: Template,
    @Ctx() context: TemplatesContext,
    @Arg('first', () => Int, { defaultValue: 5 }) first = 5,
  ): Promise<readonly RelatedTemplate[]> {
    assertNested('similar', first);
    return (await context.loaders.similar(first).load(template.id)).map(({ template: other, weight }) => ({
      template: toTemplate(other),
      weight,
    }));
  }

  @FieldResolver(() => TemplateRating, { nullable: true, description: "The caller's own rating; null without one or without a caller." })
  async myRating(@Root() template: Template, @Ctx() context: TemplatesContext): Promise<TemplateRating | null> {
    const rating = await context.loaders.ownRating.load(template.id);
    return rating && toTemplateRating(rating);
  }
}

function assertNested(field: string, first: number): void {
  if (first < 0 || first > MAX_NESTED) {
    throw new LoomError('PAGE_LIMIT_EXCEEDED', `${field} takes 0 to ${MAX_NESTED}; its query of its own takes more.`, {
      details: { limit: MAX_NESTED },
    });
  }
}

/** A client may write `null` for "not given". */
function withoutNulls<T extends object>(input: T | null | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined)) as Partial<T>;
}

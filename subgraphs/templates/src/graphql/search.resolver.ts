import { SimilarityKind } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, Directive, ID, Int, Query, Resolver } from 'type-graphql';
import type { RelateTemplates } from '../domain/relate-templates.js';
import type { SearchTemplates } from '../domain/search-templates.js';
import type { TemplatesContext } from './context.js';
import { HITS, PATH_COST, SEARCH_COST } from './cost.js';
import { toTemplate } from './present.js';
import { projectionsOf } from './projections-of.js';
import {
  RelatedTemplate,
  TemplatePath,
  TemplateSearchField,
  TemplateSearchMode,
  TemplateSearchResult,
  type RelationshipNodeLabel,
  type RelationshipType,
} from './search.type.js';
import { TemplateSearchFilterInput } from './template.input.js';

const modes = { VECTOR: 'vector', TEXT: 'text', HYBRID: 'hybrid' } as const;
const fields = { CONTENT: 'content', TITLE: 'title', DESCRIPTION: 'description' } as const;

interface SearchResolverDependencies {
  readonly search: SearchTemplates;
  readonly relate: RelateTemplates;
  readonly model: { readonly name: string; readonly similarity: 'lexical' | 'semantic' };
}

/** Queries that read the projected stores. */
@Resolver()
export class TemplateSearchResolver {
  readonly #deps: SearchResolverDependencies;

  constructor(deps: SearchResolverDependencies) {
    this.#deps = deps;
  }

  @Directive(SEARCH_COST)
  @Directive(HITS)
  @Query(() => TemplateSearchResult, { description: 'Searches active templates by vector, text or both.' })
  async searchTemplates(
    @Ctx() context: TemplatesContext,
    @Arg('query', () => String, { description: '1 to 1,000 characters.' }) query: string,
    @Arg('mode', () => TemplateSearchMode, { defaultValue: TemplateSearchMode.HYBRID }) mode: TemplateSearchMode,
    @Arg('field', () => TemplateSearchField, { defaultValue: TemplateSearchField.CONTENT }) field: TemplateSearchField,
    @Arg('filter', () => TemplateSearchFilterInput, { nullable: true }) filter: TemplateSearchFilterInput | undefined,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
    @Arg('offset', () => Int, { defaultValue: 0, description: 'Hits to leave out, 0 to 1,000.' }) offset: number,
  ): Promise<TemplateSearchResult> {
    const { search, model } = this.#deps;
    const waiting = context.sync?.caughtUp(projectionsOf.search);
    if (waiting) await waiting;
    const hits = await search.search({ text: query, mode: modes[mode], field: fields[field], filter: filter ?? {}, limit: first, offset });
    return {
      hits: hits.map((hit) => ({
        template: toTemplate(hit.template),
        score: hit.score,
        vectorRank: hit.vectorRank ?? null,
        textRank: hit.textRank ?? null,
      })),
      similarity: model.similarity === 'semantic' ? SimilarityKind.SEMANTIC : SimilarityKind.LEXICAL,
      model: model.name,
    };
  }

  @Query(() => [String], { description: 'Names that complete a text, best first. Cached for two hours or until a template changes.' })
  async templateSuggestions(
    @Ctx() context: TemplatesContext,
    @Arg('prefix', () => String) prefix: string,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
  ): Promise<readonly string[]> {
    const waiting = context.sync?.caughtUp(projectionsOf.suggestions);
    if (waiting) await waiting;
    return this.#deps.search.suggest(prefix, first);
  }

  @Query(() => [RelatedTemplate], { description: 'Templates like this one, most similar first.' })
  async similarTemplates(
    @Ctx() context: TemplatesContext,
    @Arg('id', () => ID) id: string,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
  ): Promise<readonly RelatedTemplate[]> {
    const waiting = context.sync?.caughtUp(projectionsOf.similar);
    if (waiting) await waiting;
    return ((await this.#deps.relate.similar([id], first))[0] ?? []).map(({ template, weight }) => ({
      template: toTemplate(template),
      weight,
    }));
  }

  @Query(() => [RelatedTemplate], { description: 'Templates that users of this one also used, most shared users first.' })
  async templatesAlsoUsed(
    @Ctx() context: TemplatesContext,
    @Arg('id', () => ID) id: string,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
  ): Promise<readonly RelatedTemplate[]> {
    const waiting = context.sync?.caughtUp(projectionsOf.alsoUsed);
    if (waiting) await waiting;
    return (await this.#deps.relate.alsoUsed(id, first)).map(({ template, weight }) => ({ template: toTemplate(template), weight }));
  }

  @Directive(PATH_COST)
  @Query(() => TemplatePath, {
    nullable: true,
    description: 'A shortest path between two templates through categories, users and similarity; null when there is none.',
  })
  async templatePath(
    @Ctx() context: TemplatesContext,
    @Arg('fromId', () => ID) fromId: string,
    @Arg('toId', () => ID) toId: string,
    @Arg('maxDepth', () => Int, { defaultValue: 4, description: 'Longest path to look for, 1 to 6 steps.' }) maxDepth: number,
  ): Promise<TemplatePath | null> {
    const waiting = context.sync?.caughtUp(projectionsOf.path);
    if (waiting) await waiting;
    const path = await this.#deps.relate.path(fromId, toId, maxDepth);
    if (!path) return null;
    return {
      length: path.steps.length,
      nodes: path.nodes.map(({ label, id, template }) => ({
        label: label as RelationshipNodeLabel,
        id,
        template: template ? toTemplate(template) : null,
      })),
      steps: path.steps.map(({ type, forward }) => ({ type: type as RelationshipType, forward })),
    };
  }
}

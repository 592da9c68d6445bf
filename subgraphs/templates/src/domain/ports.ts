import type { EventEnvelope } from '@loomgraph/events';
import type { LazyPage, PageRequest, ResourceFilter } from '@loomgraph/core';
import type { Category, Rating, Template, Usage } from './template.js';

export type TemplateSortField = 'name' | 'createdAt' | 'updatedAt' | 'usage' | 'rating' | 'difficulty' | 'estimatedTime';

export interface TemplateOrder {
  readonly field: TemplateSortField;
  readonly direction: 'asc' | 'desc';
}

/** Every given condition must hold. */
export interface TemplateFilter {
  readonly ids?: readonly string[];
  readonly categoryIds?: readonly string[];
  /** Part of the name, any case. */
  readonly nameContains?: string;
  readonly industry?: string;
  readonly experienceLevel?: string;
  readonly language?: string;
  readonly createdBy?: string;
  readonly isActive?: boolean;
  /** Which inactive ones may be found; all where it is left out. */
  readonly visible?: ResourceFilter;
  /** At least one of these. */
  readonly tags?: readonly string[];
  readonly minRating?: number;
  readonly difficulty?: { readonly min?: number; readonly max?: number };
}

/** Reads from the system of record; each call is one statement unless it says otherwise. */
export interface TemplateReader {
  templatesByIds(ids: readonly string[]): Promise<readonly Template[]>;
  listTemplates(filter: TemplateFilter, order: TemplateOrder, page: PageRequest): Promise<LazyPage<Template>>;
  categories(): Promise<readonly Category[]>;
  categoriesByIds(ids: readonly string[]): Promise<readonly Category[]>;
  /** The latest ratings of each template, at most `limit` each. */
  latestRatings(templateIds: readonly string[], limit: number): Promise<readonly Rating[]>;
  ratingsOf(templateId: string, page: PageRequest): Promise<LazyPage<Rating>>;
  ratingsBy(userId: string, templateIds: readonly string[]): Promise<readonly Rating[]>;
  usagesBy(userId: string): Promise<readonly Usage[]>;
  /** Ids of active templates, most used in the last `days` first, then by all-time usage and rating. */
  hottest(options: { categoryId?: string; days: number; limit: number; now: Date }): Promise<readonly string[]>;
}

/** Writes within one transaction. `lock…` waits for other writers of the row and reads what they committed. */
export interface TemplateWriter {
  lockTemplate(id: string): Promise<Template | null>;
  templateBySlug(slug: string): Promise<Template | null>;
  /** Locks those that exist; one statement. */
  templatesBySlugs(slugs: readonly string[]): Promise<readonly Template[]>;
  insertTemplate(template: Template): void;
  updateTemplate(id: string, changes: Partial<Template>): Promise<void>;
  /** The template with its ratings and usages. */
  deleteTemplate(id: string): Promise<void>;
  category(id: string): Promise<Category | null>;
  categoriesBySlugs(slugs: readonly string[]): Promise<readonly Category[]>;
  lockCategory(id: string): Promise<Category | null>;
  insertCategory(category: Omit<Category, 'revision'>): void;
  updateCategory(id: string, changes: Partial<Category>): Promise<void>;
  deleteCategory(id: string): Promise<void>;
  countTemplatesIn(categoryId: string): Promise<number>;
  rating(templateId: string, userId: string): Promise<Rating | null>;
  saveRating(rating: Rating): Promise<void>;
  deleteRating(templateId: string, userId: string): Promise<void>;
  /** Adds one use and marks the user as changed. @returns the user's total for this template */
  addUsage(templateId: string, userId: string, at: Date): Promise<number>;
  append(event: EventEnvelope): void;
}

export interface TemplateUnitOfWork {
  run<T>(work: (writer: TemplateWriter) => Promise<T>): Promise<T>;
}

export type SearchMode = 'vector' | 'text' | 'hybrid';

export interface SearchRequest {
  readonly text: string;
  readonly mode: SearchMode;
  /** Which embedding is compared. */
  readonly field: 'content' | 'title' | 'description';
  readonly offset: number;
  readonly limit: number;
  readonly filter: {
    readonly categoryIds?: readonly string[];
    readonly language?: string;
    readonly industry?: string;
    readonly tags?: readonly string[];
  };
}

export interface TemplateHit {
  readonly templateId: string;
  readonly score: number;
  readonly vectorRank?: number;
  readonly textRank?: number;
}

/** The projected search index; it may lag the record, see the sync status. */
export interface TemplateSearch {
  /** What similarity means with the configured model. */
  readonly similarity: 'lexical' | 'semantic';
  readonly model: string;
  search(request: SearchRequest): Promise<readonly TemplateHit[]>;
  suggest(prefix: string, limit: number): Promise<readonly string[]>;
}

export interface RelatedTemplate {
  readonly templateId: string;
  /** Similarity, or the number of users both were used by. */
  readonly weight: number;
}

export interface RelationshipPath {
  readonly nodes: readonly { readonly label: 'Template' | 'Category' | 'User'; readonly id: string }[];
  readonly steps: readonly { readonly type: 'SIMILAR_TO' | 'BELONGS_TO' | 'USED'; readonly forward: boolean }[];
}

/** The projected graph; it may lag the record. */
export interface TemplateGraph {
  /** For each template, most similar first, in one round trip. */
  similar(templateIds: readonly string[], limit: number): Promise<readonly (readonly RelatedTemplate[])[]>;
  alsoUsed(templateId: string, limit: number): Promise<readonly RelatedTemplate[]>;
  path(fromId: string, toId: string, maxDepth: number): Promise<RelationshipPath | null>;
}

/** Cached reads: lists of ids and texts that may be up to their time to live old, and templates that the change itself keeps current. */
export interface TemplateCache {
  templates(ids: readonly string[], load: (missing: readonly string[]) => Promise<readonly Template[]>): Promise<readonly Template[]>;
  hotIds(categoryId: string | undefined, limit: number, compute: () => Promise<readonly string[]>): Promise<readonly string[]>;
  suggestions(prefix: string, limit: number, compute: () => Promise<readonly string[]>): Promise<readonly string[]>;
  /** Drops hot lists (of one category or all) and suggestions. @returns entries dropped */
  refresh(categoryId?: string): Promise<number>;
}

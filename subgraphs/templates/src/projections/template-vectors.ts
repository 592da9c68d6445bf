import type { Embedder } from '@loomgraph/ai';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { VectorCollection } from '@loomgraph/stores/vectors';
import {
  defineVersionedProjection,
  openVersionedVectors,
  type EmbeddingModel,
  type Projection,
  type SourceDocument,
  type Trigger,
  type VectorContent,
  type VersionedTargets,
  type VersionedVectors,
} from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { CategoryEntity, TemplateEntity } from '../store/entities.js';

/** What search needs to know of a template. */
interface SearchSource {
  readonly name: string;
  readonly categoryId: string;
  readonly category: string;
  readonly description: string;
  readonly content: string;
  readonly tags: readonly string[];
  readonly industry: string | null;
  readonly experienceLevel: string | null;
  readonly language: string;
  readonly isActive: boolean;
}

export const templateCollection = (dimensions: number): VectorCollection => ({
  name: 'templates',
  dimensions,
  // One approximate index: title and description are compared exactly, over what the filters leave.
  embeddings: { content: { indexed: true }, title: { indexed: false }, description: { indexed: false } },
  attributes: { categoryId: 'text', language: 'text', industry: 'text', experienceLevel: 'text', isActive: 'boolean', tags: 'text[]' },
});

/** A search document holds the name of its category. */
const templatesOfCategory: Trigger = {
  on: 'Category',
  async ids(categoryIds, em, { after, limit }) {
    const templates = await em.find(
      TemplateEntity,
      { categoryId: { $in: [...categoryIds] }, ...(after !== undefined && { id: { $gt: after } }) },
      { fields: ['id'], orderBy: { id: 'asc' }, limit },
    );
    return templates.map(({ id }) => id);
  },
};

const NAME = 'template-vectors';
/** Raised when `loadSearchSources` or `deriveSearchContent` change their meaning, or the collection its shape. */
const VERSION = 1;

export interface TemplateVectorsOptions {
  readonly store: RelationalStore;
  readonly stores: Pick<StoreSet, 'vectors'>;
  readonly embedder: Embedder;
  /** Makes the embeddings of a version that was built with another model, where that is still to be had. */
  readonly embedderFor?: ((model: EmbeddingModel) => Embedder | undefined) | undefined;
  readonly onDropped?: (inUse: readonly EmbeddingModel[]) => Promise<void>;
}

/** The collections of all versions; reads follow the one that serves. */
export function openTemplateVectors(options: TemplateVectorsOptions): Promise<VersionedVectors<Embedder>> {
  const { store, stores, embedder, embedderFor, onDropped } = options;
  return openVersionedVectors({
    store,
    projection: NAME,
    version: VERSION,
    open: (collection) => stores.vectors(collection),
    collection: templateCollection,
    embedder,
    ...(embedderFor ? { embedderFor } : {}),
    ...(onDropped ? { onDropped } : {}),
  });
}

/** The record's search document: embeddings of title, description and everything, the words, the filters. */
export function templateVectors(storages: VersionedTargets<VectorContent>): readonly Projection[] {
  return defineVersionedProjection<SearchSource, VectorContent>(
    {
      name: NAME,
      version: VERSION,
      source: 'Template',
      triggers: [templatesOfCategory],
      load: loadSearchSources,
      derive: deriveSearchContent,
    },
    storages,
  );
}

export function deriveSearchContent(source: SearchSource): VectorContent {
  const everything = [
    source.name,
    source.category,
    source.description,
    source.tags.join(' '),
    source.industry ?? '',
    source.experienceLevel ?? '',
    source.content,
  ]
    .filter((part) => part !== '')
    .join('\n');
  return {
    title: source.name,
    text: everything,
    attributes: {
      categoryId: source.categoryId,
      language: source.language,
      industry: source.industry,
      experienceLevel: source.experienceLevel,
      isActive: source.isActive,
      tags: source.tags,
    },
    embed: { content: everything, title: source.name, description: source.description },
  };
}

export async function loadSearchSources(ids: readonly string[], em: EntityManager): Promise<SourceDocument<SearchSource>[]> {
  const templates = await em.find(TemplateEntity, { id: { $in: [...ids] } });
  const categories = await em.find(CategoryEntity, { id: { $in: [...new Set(templates.map((template) => template.categoryId))] } });
  const names = new Map(categories.map((category) => [category.id, category.name]));
  return templates.map(({ id, revision, name, categoryId, description, content, tags, industry, experienceLevel, language, isActive }) => ({
    id,
    revision,
    value: {
      name,
      categoryId,
      description,
      content,
      tags,
      language,
      isActive,
      category: names.get(categoryId) ?? '',
      industry: industry ?? null,
      experienceLevel: experienceLevel ?? null,
    },
  }));
}

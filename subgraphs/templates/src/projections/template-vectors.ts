import type { Embedder } from '@loomgraph/ai';
import type { VectorCollection, VectorIndex } from '@loomgraph/stores/vectors';
import { defineProjection, vectorTarget, type Projection, type SourceDocument, type VectorContent } from '@loomgraph/sync';
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
  // Embeddings of another length are another collection: both can stand side by side while the new one is filled.
  name: `templates_${dimensions}`,
  dimensions,
  // One approximate index: title and description are compared exactly, over what the filters leave.
  embeddings: { content: { indexed: true }, title: { indexed: false }, description: { indexed: false } },
  attributes: { categoryId: 'text', language: 'text', industry: 'text', experienceLevel: 'text', isActive: 'boolean', tags: 'text[]' },
});

/** The record's search document: embeddings of title, description and everything, the words, the filters. */
export function templateVectors(deps: { index: VectorIndex; embedder: Embedder }): Projection {
  return defineProjection<SearchSource, VectorContent>({
    name: 'template-vectors',
    version: 1,
    source: 'Template',
    load: loadSearchSources,
    derive: deriveSearchContent,
    target: vectorTarget(deps.index, deps.embedder),
  });
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

import type { GraphStore } from '@loomgraph/stores/graph';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineProjection, graphTarget, type GraphContent, type Projection, type SourceDocument, type VectorReader } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { averageRating } from '../domain/template.js';
import { createSimilarTemplates, type SimilarTemplates } from './similar-templates.js';
import { CategoryEntity, TemplateEntity, TemplateUserEntity, UsageEntity } from '../store/entities.js';

/**
 * A template's node, its category and the templates its content is close to. Runs after the vectors it compares are written; templates whose
 * nearest may be others since then follow.
 */
export function templateGraph(deps: {
  graph: GraphStore;
  index: Pick<VectorReader, 'searchLikeEach'>;
  store: RelationalStore;
}): Projection {
  const similar = createSimilarTemplates(deps);
  return defineProjection<GraphContent, GraphContent>({
    name: 'template-graph',
    version: 1,
    source: 'Template',
    after: ['template-vectors'],
    triggers: [{ on: 'template-vectors', batch: 24, ids: (changed, _em, page) => similar.affectedBy(changed, page) }],
    load: (ids, em) => loadTemplates(ids, em, similar),
    derive: (content) => content,
    target: graphTarget(deps.graph, 'Template'),
  });
}

export function categoryGraph(deps: { graph: GraphStore }): Projection {
  return defineProjection<GraphContent, GraphContent>({
    name: 'category-graph',
    version: 1,
    source: 'Category',
    load: async (ids, em) =>
      (await em.find(CategoryEntity, { id: { $in: [...ids] } })).map(({ id, revision, name, slug, description }) => ({
        id,
        revision,
        value: { properties: { name, slug, description }, ownedEdges: [], edges: [] },
      })),
    derive: (content) => content,
    target: graphTarget(deps.graph, 'Category'),
  });
}

/** A user's node with an edge to every template they used. */
export function userGraph(deps: { graph: GraphStore }): Projection {
  return defineProjection<GraphContent, GraphContent>({
    name: 'user-graph',
    version: 1,
    source: 'TemplateUser',
    load: loadUsers,
    derive: (content) => content,
    target: graphTarget(deps.graph, 'User'),
  });
}

async function loadTemplates(
  ids: readonly string[],
  em: EntityManager,
  similar: SimilarTemplates,
): Promise<SourceDocument<GraphContent>[]> {
  const templates = await em.find(TemplateEntity, { id: { $in: [...ids] } });
  const nearest = await similar.of(templates.map(({ id }) => id));
  return templates.map((template) => ({
    id: template.id,
    revision: template.revision,
    value: {
      properties: {
        name: template.name,
        language: template.language,
        industry: template.industry ?? null,
        experienceLevel: template.experienceLevel ?? null,
        difficulty: template.difficulty,
        usage: template.usage,
        rating: averageRating(template),
        isActive: template.isActive,
        tags: template.tags,
      },
      ownedEdges: ['BELONGS_TO', 'SIMILAR_TO'],
      edges: [
        { type: 'BELONGS_TO', to: { label: 'Category', id: template.categoryId }, properties: {}, weight: 1 },
        ...(nearest.get(template.id) ?? []).map((hit) => ({
          type: 'SIMILAR_TO',
          to: { label: 'Template', id: hit.id },
          properties: { similarity: hit.score },
          weight: hit.score,
        })),
      ],
    },
  }));
}

async function loadUsers(ids: readonly string[], em: EntityManager): Promise<SourceDocument<GraphContent>[]> {
  const users = await em.find(TemplateUserEntity, { id: { $in: [...ids] } });
  const usages = Map.groupBy(
    await em.find(UsageEntity, { userId: { $in: [...ids] } }, { orderBy: { templateId: 'asc' } }),
    (usage) => usage.userId,
  );
  return users.map(({ id, revision }) => ({
    id,
    revision,
    value: {
      properties: {},
      ownedEdges: ['USED'],
      edges: (usages.get(id) ?? []).map((usage) => ({
        type: 'USED',
        to: { label: 'Template', id: usage.templateId },
        properties: { usageCount: usage.count, lastUsed: usage.lastUsedAt.toISOString() },
        weight: usage.count,
      })),
    },
  }));
}

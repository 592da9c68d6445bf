import { LoomError } from '@loomgraph/core';
import type { RelatedTemplate, RelationshipPath, TemplateGraph, TemplateReader } from './ports.js';
import { assertLimit } from './search-templates.js';
import type { Template } from './template.js';

const MAX_DEPTH = 6;

export type Related = readonly { readonly template: Template; readonly weight: number }[];

/** Questions the relationship graph answers; templates that are gone or inactive by now are left out. */
export interface RelateTemplates {
  similar(templateIds: readonly string[], limit: number): Promise<readonly Related[]>;
  alsoUsed(templateId: string, limit: number): Promise<Related>;
  path(
    fromId: string,
    toId: string,
    maxDepth: number,
  ): Promise<{
    nodes: readonly (RelationshipPath['nodes'][number] & { template: Template | null })[];
    steps: RelationshipPath['steps'];
  } | null>;
}

export function createRelateTemplates(deps: { graph: TemplateGraph; reader: TemplateReader }): RelateTemplates {
  const byId = async (ids: readonly string[]): Promise<ReadonlyMap<string, Template>> =>
    new Map((await deps.reader.templatesByIds(ids)).map((template) => [template.id, template]));

  const withTemplates = async (related: readonly RelatedTemplate[]): Promise<Related> => {
    const templates = await byId(related.map((one) => one.templateId));
    return related.flatMap(({ templateId, weight }) => {
      const template = templates.get(templateId);
      return template?.isActive ? [{ template, weight }] : [];
    });
  };

  return {
    async similar(templateIds, limit) {
      assertLimit(limit);
      const related = await deps.graph.similar(templateIds, limit);
      const found = new Map((await withTemplates(related.flat())).map((one) => [one.template.id, one.template]));
      return related.map((ofOne) =>
        ofOne.flatMap(({ templateId, weight }) => {
          const template = found.get(templateId);
          return template ? [{ template, weight }] : [];
        }),
      );
    },
    async alsoUsed(templateId, limit) {
      assertLimit(limit);
      return withTemplates(await deps.graph.alsoUsed(templateId, limit));
    },
    async path(fromId, toId, maxDepth) {
      if (maxDepth < 1 || maxDepth > MAX_DEPTH) throw new LoomError('BAD_USER_INPUT', `maxDepth is 1 to ${MAX_DEPTH}.`);
      const path = await deps.graph.path(fromId, toId, maxDepth);
      if (!path) return null;
      const templates = await byId(path.nodes.filter((node) => node.label === 'Template').map((node) => node.id));
      return {
        nodes: path.nodes.map((node) => ({ ...node, template: node.label === 'Template' ? (templates.get(node.id) ?? null) : null })),
        steps: path.steps,
      };
    },
  };
}

import type { GraphDocument } from '@loomgraph/stores/graph';

/** Two categories, three templates, two users, and one user with 120 templates; an edge to a template that never came. */
export function graphDocuments(): GraphDocument[] {
  const category = (id: string): GraphDocument => ({
    label: 'Category',
    id,
    revision: 1,
    fingerprint: 'f',
    properties: { name: id, slug: id },
    ownedEdges: [],
    edges: [],
  });
  const template = (
    id: string,
    categoryId: string,
    properties: object,
    similar: readonly (readonly [string, number])[] = [],
  ): GraphDocument => ({
    label: 'Template',
    id,
    revision: 1,
    fingerprint: 'f',
    properties: { name: id, language: 'zh', difficulty: 1, usage: 0, rating: 0, isActive: true, tags: [], ...properties },
    ownedEdges: ['BELONGS_TO', 'SIMILAR_TO'],
    edges: [
      { type: 'BELONGS_TO', to: { label: 'Category', id: categoryId }, properties: {}, weight: 1 },
      ...similar.map(([to, similarity]) => ({
        type: 'SIMILAR_TO',
        to: { label: 'Template', id: to },
        properties: { similarity },
        weight: similarity,
      })),
    ],
  });
  const user = (id: string, used: readonly (readonly [string, number, string])[]): GraphDocument => ({
    label: 'User',
    id,
    revision: 1,
    fingerprint: 'f',
    properties: {},
    ownedEdges: ['USED'],
    edges: used.map(([to, usageCount, lastUsed]) => ({
      type: 'USED',
      to: { label: 'Template', id: to },
      properties: { usageCount, lastUsed },
      weight: usageCount,
    })),
  });
  const many = Array.from({ length: 120 }, (_, index) => `many${index}`);
  return [
    category('c1'),
    category('c2'),
    category('c3'),
    template('t1', 'c1', { usage: 1, tags: ['modern', 'plain'] }, [
      ['t2', 0.5],
      ['t3', 0.9],
    ]),
    template('t2', 'c1', { usage: 5, language: 'en' }, [
      ['absent', 0.8],
      ['gone', 0.7],
    ]),
    template('t3', 'c2', { usage: 9, tags: ['modern'] }),
    template('gone', 'c2', { usage: 1_000 }),
    ...many.map((id) => template(id, 'c3', {})),
    user('u1', [
      ['t1', 2, '2026-01-01T00:00:00.000Z'],
      ['t2', 1, '2026-01-01T00:00:00.000Z'],
    ]),
    user('u2', [['t1', 7, '2026-01-02T00:00:00.000Z']]),
    user(
      'heavy',
      many.map((id) => [id, 1, '2026-01-03T00:00:00.000Z'] as const),
    ),
  ];
}

import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { openRelationships, type OpenRelationships } from './support/open-relationships.js';

const neo4jUrl = realStore('NEO4J_URL');

if (neo4jUrl) {
  describe('relationships on Neo4j', () => {
    let run: OpenRelationships;

    beforeAll(async () => {
      run = await openRelationships(neo4jUrl);
    });

    afterAll(() => run?.[Symbol.asyncDispose]());

    it('follows relationships with their properties, strongest first', async () => {
      const { data, errors } = await run.ask(`{
        graphTemplates(where: { id: { eq: "t1" } }) {
          id
          similarToConnection { totalCount edges { cursor node { id belongsTo { id } } properties { similarity } } pageInfo { hasNextPage hasPreviousPage } }
          usedByConnection { edges { node { id used { id } } properties { usageCount lastUsed } } }
        }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        graphTemplates: [
          {
            id: 't1',
            similarToConnection: {
              totalCount: 2,
              edges: [
                { cursor: expect.any(String), node: { id: 't3', belongsTo: [{ id: 'c2' }] }, properties: { similarity: 0.9 } },
                { cursor: expect.any(String), node: { id: 't2', belongsTo: [{ id: 'c1' }] }, properties: { similarity: 0.5 } },
              ],
              pageInfo: { hasNextPage: false, hasPreviousPage: false },
            },
            usedByConnection: {
              edges: [
                { node: { id: 'u2', used: [{ id: 't1' }] }, properties: { usageCount: 7, lastUsed: '2026-01-02T00:00:00.000Z' } },
                {
                  node: { id: 'u1', used: [{ id: 't1' }, { id: 't2' }] },
                  properties: { usageCount: 2, lastUsed: '2026-01-01T00:00:00.000Z' },
                },
              ],
            },
          },
        ],
      });
    });

    it('filters and sorts by properties that it does not answer, and by relationships', async () => {
      const { data, errors } = await run.ask(`{
        byLanguage: graphTemplates(where: { language: { eq: "en" } }) { id }
        byTag: graphTemplates(where: { tags: { includes: "modern" } }) { id }
        bySort: graphTemplates(sort: [{ usage: DESC }], limit: 2) { id }
        byEdge: graphTemplates(where: { usedByConnection: { some: { edge: { usageCount: { gte: 5 } } } } }) { id }
        byCategory: graphCategories(where: { contains: { some: { id: { eq: "t3" } } } }) { id contains { id } }
        users: graphUsers(where: { used: { some: { id: { eq: "t2" } } } }) { id }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        byLanguage: [{ id: 't2' }],
        byTag: [{ id: 't1' }, { id: 't3' }],
        bySort: [{ id: 't3' }, { id: 't2' }],
        byEdge: [{ id: 't1' }],
        byCategory: [{ id: 'c2', contains: [{ id: 't3' }] }],
        users: [{ id: 'u1' }],
      });
    });

    it('answers what a query plan needs to go on elsewhere', async () => {
      const { data, errors } = await run.ask(
        '{ graphTemplates(where: { id: { eq: "t1" } }) { __typename id belongsTo { __typename id } } typed: graphUsers(limit: 1) { __typename } }',
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        graphTemplates: [{ __typename: 'Template', id: 't1', belongsTo: [{ __typename: 'TemplateCategory', id: 'c1' }] }],
        typed: [{ __typename: 'User' }],
      });
    });

    it('keeps names apart: aliases, fragments, variables, one field twice', async () => {
      type Page = { e: { c: string }[]; again: unknown };
      const { data, errors } = await run.ask<{ found: [{ near: Page; far: Page }] }>(
        `query ($id: ID!, $n: Int!) {
          found: graphTemplates(where: { id: { eq: $id } }) {
            key: id
            near: similarToConnection(first: $n) { ...page }
            far: similarToConnection(sort: [{ edge: { similarity: ASC } }], first: 1) { e: edges { n: node { k: id } } again: edges { p: properties { s: similarity } } count: totalCount }
          }
        }
        fragment page on TemplateSimilarToConnection { e: edges { c: cursor n: node { k: id } p: properties { s: similarity } } info: pageInfo { more: hasNextPage end: endCursor } }`,
        { id: 't1', n: 1 },
      );
      expect(errors).toBeUndefined();
      const [{ near, far }] = data.found;
      expect(near).toEqual({ e: [{ c: expect.any(String), n: { k: 't3' }, p: { s: 0.9 } }], info: { more: true, end: near.e[0]?.c } });
      expect(data.found[0]).toMatchObject({ key: 't1', far: { e: [{ n: { k: 't2' } }], count: 2 } });
      expect(far.again).toEqual([{ p: { s: 0.5 } }]);
    });

    it('shows neither placeholders nor tombstones', async () => {
      const { data, errors } = await run.ask(
        '{ graphTemplates(where: { id: { in: ["absent", "gone", "t2"] } }) { id } t: graphTemplates(where: { id: { eq: "t2" } }) { similarTo { id } similarToConnection { totalCount } } }',
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ graphTemplates: [{ id: 't2' }], t: [{ similarTo: [], similarToConnection: { totalCount: 0 } }] });
    });

    it('is well where its server is', async () => {
      expect(await run.subgraph.health()).toEqual([expect.objectContaining({ name: 'graph', backend: 'neo4j', ok: true })]);
    });
  });
}

leaveOutWithout('NEO4J_URL', it);

import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { openRelationships, type OpenRelationships } from './support/open-relationships.js';

const neo4jUrl = realStore('NEO4J_URL');

interface UsedPage {
  readonly edges: unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

if (neo4jUrl) {
  describe('pages of relationships', () => {
    let run: OpenRelationships;

    beforeAll(async () => {
      run = await openRelationships(neo4jUrl);
    });

    afterAll(() => run?.[Symbol.asyncDispose]());

    it('goes through a relationship page by page', async () => {
      type Page = { totalCount: number; edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 5; page += 1) {
        const { data } = await run.ask<{ graphUsers: [{ usedConnection: Page }] }>(
          'query ($after: String) { graphUsers(where: { id: { eq: "heavy" } }) { usedConnection(after: $after, first: 40) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } } }',
          { after },
        );
        const connection: Page = data.graphUsers[0].usedConnection;
        expect(connection.totalCount).toBe(120);
        seen.push(...connection.edges.map((edge) => edge.node.id));
        after = connection.pageInfo.endCursor;
        if (!connection.pageInfo.hasNextPage) break;
      }
      expect(new Set(seen).size).toBe(120);
      expect(seen).toHaveLength(120);
    });

    it('answers 20 where no page is asked for, and says that there are more', async () => {
      const { data } = await run.ask<{ graphUsers: [{ used: unknown[]; usedConnection: UsedPage }] }>(
        '{ graphUsers(where: { id: { eq: "heavy" } }) { used { id } usedConnection { edges { node { id } } pageInfo { hasNextPage } } } }',
      );
      const [user] = data.graphUsers;
      expect([user.used.length, user.usedConnection.edges.length, user.usedConnection.pageInfo.hasNextPage]).toEqual([20, 20, true]);
    });

    it('answers as many where null is asked for', async () => {
      const { data, errors } = await run.ask<{
        graphTemplates: unknown[];
        graphUsers: [{ usedConnection: UsedPage }];
      }>(`{ graphTemplates(limit: null, offset: null, sort: null, where: null) { id }
        graphUsers(where: { id: { eq: "heavy" } }) { usedConnection(first: null, after: null, sort: null, where: null) { edges { cursor } pageInfo { hasNextPage } } } }`);
      expect(errors).toBeUndefined();
      const [{ usedConnection }] = data.graphUsers;
      expect([data.graphTemplates.length, usedConnection.edges.length, usedConnection.pageInfo.hasNextPage]).toEqual([20, 20, true]);
    });

    it('knows where a page stands when nothing else of it is selected', async () => {
      const { data } = await run.ask<{ graphUsers: [unknown] }>(`{ graphUsers(where: { id: { eq: "heavy" } }) {
        state: usedConnection(first: 2) { pageInfo { hasNextPage startCursor endCursor } }
        count: usedConnection(first: 2) { totalCount }
      } }`);
      expect(data.graphUsers[0]).toEqual({
        state: { pageInfo: { hasNextPage: true, startCursor: expect.any(String), endCursor: expect.any(String) } },
        count: { totalCount: 120 },
      });
    });

    it.each([
      ['{ graphTemplates(limit: 101) { id } }', 'PAGE_LIMIT_EXCEEDED'],
      ['{ graphTemplates { usedByConnection(first: 101) { totalCount } } }', 'PAGE_LIMIT_EXCEEDED'],
      ['{ graphTemplates { ...f } } fragment f on Template { similarTo(limit: 1000) { id } }', 'PAGE_LIMIT_EXCEEDED'],
      [
        '{ _entities(representations: [{ __typename: "Template", id: "t1" }]) { ... on Template { usedBy(limit: 101) { id } } } }',
        'PAGE_LIMIT_EXCEEDED',
      ],
      ['{ graphTemplates(limit: -1) { id } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedBy(limit: 0) { id } } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedByConnection(first: 0) { totalCount } } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates(offset: -1) { id } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedByConnection(after: "nonsense") { totalCount } } }', 'INVALID_CURSOR'],
    ])('refuses %s with %s', async (query, code) => {
      expect(await run.ask(query)).toMatchObject({ codes: [code] });
    });
  });
}

leaveOutWithout('NEO4J_URL', it);

import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { openRelationships, type OpenRelationships } from './support/open-relationships.js';

const neo4jUrl = realStore('NEO4J_URL');

if (neo4jUrl) {
  describe('entities and statements', () => {
    let run: OpenRelationships;

    beforeAll(async () => {
      run = await openRelationships(neo4jUrl);
    });

    afterAll(() => run?.[Symbol.asyncDispose]());

    it('resolves a list of representations with one statement per type, missing ones as null', async () => {
      const representations = [
        ...Array.from({ length: 50 }, (_, index) => ({ __typename: 'Template', id: `many${index}` })),
        { __typename: 'Template', id: 't1' },
        { __typename: 'Template', id: 't1' },
        { __typename: 'Template', id: 'unknown' },
        { __typename: 'Template' },
        { __typename: 'TemplateCategory', id: 'c1' },
        { __typename: 'User', id: 'u1' },
      ];
      const before = await run.statements();
      const { data, errors } = await run.ask<{ _entities: unknown[] }>(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) {
          __typename
          ... on Template { similarToConnection(first: 1) { edges { node { id } } } users: usedBy { id } }
          ... on TemplateCategory { contains { id } }
          ... on User { used { id } }
        } }`,
        { representations },
      );
      expect(errors).toBeUndefined();
      expect((await run.statements()) - before).toBe(3);
      expect(data._entities.slice(0, 50)).toEqual(
        Array.from({ length: 50 }, () => ({ __typename: 'Template', similarToConnection: { edges: [] }, users: [{ id: 'heavy' }] })),
      );
      const first = {
        __typename: 'Template',
        similarToConnection: { edges: [{ node: { id: 't3' } }] },
        users: [{ id: 'u1' }, { id: 'u2' }],
      };
      expect(data._entities.slice(50)).toEqual([
        first,
        first,
        null,
        null,
        { __typename: 'TemplateCategory', contains: [{ id: 't1' }, { id: 't2' }] },
        { __typename: 'User', used: [{ id: 't1' }, { id: 't2' }] },
      ]);
    });

    it('resolves more representations than a page holds', async () => {
      const representations = Array.from({ length: 120 }, (_, index) => ({ __typename: 'Template', id: `many${index}` }));
      const before = await run.statements();
      const { data } = await run.ask<{ _entities: { id: string }[] }>(
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Template { id usedBy { id } } } }',
        { representations },
      );
      expect((await run.statements()) - before).toBe(2);
      expect(data._entities.map((entity) => entity.id)).toEqual(representations.map(({ id }) => id));
    });

    it('counts one statement however deep a root field goes', async () => {
      const before = await run.statements();
      await run.ask('{ graphTemplates { similarTo { usedBy { used { belongsTo { contains { id } } } } } } }');
      expect((await run.statements()) - before).toBe(1);
    });
  });
}

leaveOutWithout('NEO4J_URL', it);

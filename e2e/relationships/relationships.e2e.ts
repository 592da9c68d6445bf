import { admin, deploy, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';

const all = deployments();

describe('relationships: joins the supergraph where Neo4j is configured, and only there', () => {
  it('is not in the embedded supergraph', async () => {
    await using app = await deploy(all[0] as (typeof all)[number]);
    const answer = await app.send('{ graphTemplates { name } }');
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  }, 60_000);

  for (const deployment of all.filter(({ stores }) => stores['NEO4J_URL'])) {
    describe(deployment.name, () => {
      let app: RunningDeployment;
      const ids: Record<string, string> = {};

      beforeAll(async () => {
        app = await deploy(deployment);
        const { createTemplateCategory } = await app.data(
          `mutation { createTemplateCategory(input: { slug: "c", name: "Academic" }) { category { id } } }`,
          {},
          admin,
        );
        for (const [key, description] of [
          ['serif', 'scholarly serif layout with citations'],
          ['plain', 'scholarly plain layout with citations'],
          ['other', 'colourful poster'],
        ] as const) {
          const input = { name: key, description, categoryId: createTemplateCategory.category.id, language: 'en' };
          ids[key] = (
            await app.data(`mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`, { input }, admin)
          ).createTemplate.template.id;
        }
        await app.data(
          `mutation($a: ID!, $b: ID!) { useTemplate(templateId: $a) { usageCount } again: useTemplate(templateId: $a) { usageCount } b: useTemplate(templateId: $b) { usageCount }
             rateTemplate(input: { templateId: $a, rating: 4.5 }) { rating { rating } } }`,
          { a: ids['serif'], b: ids['other'] },
          { userId: 'graph-user' },
        );
        await app.quiet();
      }, 90_000);
      afterAll(async () => {
        await app?.[Symbol.asyncDispose]();
      }, 60_000);

      it('starts in the graph and continues into the record of another subgraph', async () => {
        const data = await app.data(
          `query($id: ID!) { graphTemplates(where: { id: { eq: $id } }) { id name rating category { name }
             usedByConnection { edges { properties { usageCount } node { id used { id name } } } }
             similarToConnection { edges { properties { similarity } node { name } } } } }`,
          { id: ids['serif'] },
        );
        const [serif] = data.graphTemplates;
        expect(serif).toMatchObject({ name: 'serif', rating: 4.5, category: { name: 'Academic' } });
        expect(serif.usedByConnection.edges).toHaveLength(1);
        expect(serif.usedByConnection.edges[0]).toMatchObject({ properties: { usageCount: 2 }, node: { id: 'graph-user' } });
        expect(serif.usedByConnection.edges[0].node.used.map((one: { name: string }) => one.name).toSorted()).toEqual(['other', 'serif']);
      });

      it('starts in the record and continues into the graph', async () => {
        const data = await app.data(`query($id: ID!) { template(id: $id) { name usedBy { id } belongsTo { id name } } }`, {
          id: ids['serif'],
        });
        expect(data.template).toMatchObject({ name: 'serif', usedBy: [{ id: 'graph-user' }], belongsTo: [{ name: 'Academic' }] });
      });

      it('takes no writes', async () => {
        const { data } = await app.send(`{ __schema { mutationType { fields { name } } } }`, undefined, { userId: '1' });
        expect(
          data.__schema.mutationType.fields.map((field: { name: string }) => field.name).filter((name: string) => /graph/i.test(name)),
        ).toEqual([]);
      });
    });
  }
});

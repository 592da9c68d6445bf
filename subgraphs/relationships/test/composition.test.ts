import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { buildFederatedSchema } from '@loomgraph/subgraph-kit';
import { parse } from 'graphql';
import { TemplateSearchResolver } from '../../templates/src/graphql/search.resolver.js';
import { TemplateMutations } from '../../templates/src/graphql/template.mutations.js';
import { TemplateResolver } from '../../templates/src/graphql/template.resolver.js';
import { emitSchema } from '../src/index.js';

/** Schema of the templates subgraph; none of its resolvers runs. */
async function templatesSdl(): Promise<string> {
  const { sdl } = await buildFederatedSchema({
    resolvers: [TemplateResolver, TemplateSearchResolver, TemplateMutations],
    instances: new Map(),
    referenceResolvers: { Template: () => null, TemplateCategory: () => null },
  });
  return sdl;
}

async function compose() {
  return composeServices([
    { name: 'templates', url: 'http://templates', typeDefs: parse(await templatesSdl()) },
    { name: 'relationships', url: 'http://relationships', typeDefs: parse(await emitSchema()) },
  ]);
}

describe('relationships beside templates', () => {
  it('compose without errors or hints', async () => {
    const { errors, hints } = await compose();
    expect(errors?.map(({ message }) => message)).toBeUndefined();
    expect((hints ?? []).map(({ message }) => message)).toEqual([]);
  });

  it('let a query start in the graph and go on to what templates own', async () => {
    const { supergraphSdl } = await compose();
    const supergraph = Supergraph.build(supergraphSdl ?? '');
    const plan = new QueryPlanner(supergraph).buildQueryPlan(
      operationFromDocument(
        supergraph.apiSchema(),
        parse(`query {
          graphTemplates(where: { language: { eq: "zh" } }, limit: 5) {
            name rating
            similarToConnection(first: 3) { edges { properties { similarity } node { name category { name } } } }
            usedBy { id }
          }
        }`),
      ),
    );
    expect(services(plan.node as PlanNode)).toEqual(['relationships', 'templates', 'templates']);
  });

  it('let a query start with templates and go on in the graph', async () => {
    const { supergraphSdl } = await compose();
    const supergraph = Supergraph.build(supergraphSdl ?? '');
    const plan = new QueryPlanner(supergraph).buildQueryPlan(
      operationFromDocument(supergraph.apiSchema(), parse('{ templates { nodes { name category { contains { id } } usedBy { id } } } }')),
    );
    expect(services(plan.node as PlanNode)).toEqual(['templates', 'relationships', 'relationships']);
  });
});

function services(node: PlanNode): string[] {
  if (node.kind === 'Fetch') return [node.serviceName];
  if (node.kind === 'Flatten') return services(node.node);
  if (node.kind === 'Sequence' || node.kind === 'Parallel') return node.nodes.flatMap(services);
  throw new Error(`No ${node.kind} was expected.`);
}

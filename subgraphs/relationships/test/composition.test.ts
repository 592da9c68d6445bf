import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { parse } from 'graphql';
import { emitSchema } from '../src/index.js';

/** The contract of the templates subgraph; what it is generated from is no business of this one. */
const templatesSdl = readFileSync(new URL('../../templates/schema.graphql', import.meta.url), 'utf8');
/** Has what templates require of a resume. */
const resumesSdl = readFileSync(new URL('../../resumes/schema.graphql', import.meta.url), 'utf8');

async function compose() {
  return composeServices([
    { name: 'templates', url: 'http://templates', typeDefs: parse(templatesSdl) },
    { name: 'resumes', url: 'http://resumes', typeDefs: parse(resumesSdl) },
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

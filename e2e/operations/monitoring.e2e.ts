import { waitFor } from '@loomgraph/testing';
import { readExpressions } from '../../tools/monitoring/files.ts';
import { parsePromQl } from '../../tools/monitoring/promql.ts';
import { admin, deploy } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';
import { reader } from '../templates/scenario.js';

/** Prevents: an alert that cannot fire because its figure has another name, or another label. */
describe('alert rules and dashboard', () => {
  it('read figures that a gateway exposes, by labels that they have', async () => {
    await using app = await deploy(deployments()[0]!);
    const category = 'mutation { createTemplateCategory(input: { slug: "m", name: "M" }) { category { id } } }';
    const categoryId = (await app.data(category, {}, admin)).createTemplateCategory.category.id;
    const create = 'mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
    const { id } = (await app.data(create, { input: { name: 'Measured', categoryId } }, admin)).createTemplate.template;
    await app.data('mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }', { id }, reader);
    await app.quiet();
    const body = await waitFor(
      async () => (await fetch(`${app.url}/metrics`)).text(),
      (text) => text.includes('loom_sync_consumer_events_total{') && text.includes('loom_sync_coverage_ratio{'),
      60_000,
    );

    const exposed = new Map(Array.from(body.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', kind]) => [name, kind]));
    const labelsOf = (metric: string): Set<string> =>
      new Set(
        Array.from(body.matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? `, 'gm')), ([, labels = '']) => labels).flatMap((labels) =>
          Array.from(labels.matchAll(/(\w+)="/g), ([, label = '']) => label),
        ),
      );
    const unknown = new Set<string>();
    const withoutLabel = new Set<string>();
    for (const expression of readExpressions()) {
      const { metrics, labels } = parsePromQl(expression);
      for (const metric of metrics) {
        const [, histogram] = /^(.*)_(?:bucket|sum|count)$/.exec(metric) ?? [];
        if (!exposed.has(metric) && exposed.get(histogram ?? '') !== 'histogram') unknown.add(metric);
        const known = labelsOf(metric);
        // A counter of what has not happened has no series yet.
        if (known.size > 0)
          for (const label of labels) if (!known.has(label) && isOf(metric, label)) withoutLabel.add(`${metric}: ${label}`);
      }
    }
    expect([...unknown]).toEqual([]);
    expect([...withoutLabel]).toEqual([]);
    expect(labelsOf('loom_sync_dead_letters')).toEqual(new Set(['subgraph', 'projection']));
  }, 150_000);
});

/** An expression over projections and consumers names the labels of both. */
function isOf(metric: string, label: string): boolean {
  const isConsumers = metric.startsWith('loom_sync_consumer_');
  return label === 'consumer' ? isConsumers : label === 'projection' ? !isConsumers : true;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards, readExpressions, readPanels, readRules, readTestedAlerts, root } from './files.ts';
import { parsePromQl } from './promql.ts';

describe('alert rules and dashboard', () => {
  it.each(readExpressions())('is PromQL over figures of the product: %s', (expression) => {
    const { metrics } = parsePromQl(expression);
    expect(metrics.size).toBeGreaterThan(0);
    expect([...metrics].filter((name) => !name.startsWith('loom_'))).toEqual([]);
  });

  it('tells what is not PromQL', () => {
    expect(() => parsePromQl('sum by (a (loom_x)')).toThrow('Not PromQL');
    expect(() => parsePromQl('loom_x >')).toThrow('Not PromQL');
  });

  it.each(readRules())('$alert has a severity, a summary, a runbook that exists, and a test', ({ alert, labels, annotations }) => {
    expect(alert).toMatch(/^Loom(Sync|Gateway)[A-Za-z]+$/);
    expect(['info', 'warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(existsSync(join(root, annotations.runbook))).toBe(true);
    expect(readTestedAlerts().has(alert)).toBe(true);
  });

  it('uses the labels of a rule’s own series in its summary', () => {
    for (const { alert, expr, annotations } of readRules()) {
      const { labels } = parsePromQl(expr.trim());
      const used = Array.from(annotations.summary.matchAll(/\$labels\.(\w+)/g), ([, label]) => label);
      expect({ alert, missing: used.filter((label) => !labels.has(label ?? '')) }).toEqual({ alert, missing: [] });
    }
  });

  it.each(dashboards)('gives every panel of %s an id and a title of its own', (dashboard) => {
    const panels = readPanels(dashboard);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ title }) => title === '')).toEqual([]);
    expect(panels.filter(({ type, targets }) => type !== 'row' && !targets?.length)).toEqual([]);
  });
});

/** The rules and the dashboards that are delivered with the chart. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../..');
const folder = join(root, 'helm/loomgraph/monitoring');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

export function readRules(): readonly AlertRule[] {
  const { groups } = parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as { groups: { rules: AlertRule[] }[] }; // the tests look at what it holds
  return groups.flatMap(({ rules }) => rules);
}

/** Names of the alerts that `promtool test rules` expects to fire. */
export function readTestedAlerts(): ReadonlySet<string> {
  const file = readFileSync(join(folder, 'alerts.test.yaml'), 'utf8');
  const { tests } = parse(file) as { tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[] }; // as promtool reads it
  const all = tests.flatMap(({ alert_rule_test: cases }) => cases);
  return new Set(all.filter(({ exp_alerts: expected }) => expected.length > 0).map(({ alertname }) => alertname));
}

export const dashboards = ['dashboard.json', 'gateway-dashboard.json'] as const;

export function readPanels(dashboard: (typeof dashboards)[number]): readonly Panel[] {
  return (JSON.parse(readFileSync(join(folder, dashboard), 'utf8')) as { panels: Panel[] }).panels; // as Grafana reads it
}

/** All expressions of rules and panels; what Grafana puts in is replaced by what it might be. */
export function readExpressions(): readonly string[] {
  return [...readRules(), ...dashboards.flatMap(readPanels).flatMap(({ targets = [] }) => targets)].map(({ expr }) =>
    expr.replaceAll('$__rate_interval', '5m').trim(),
  );
}

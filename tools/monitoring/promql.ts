import { parser } from '@prometheus-io/lezer-promql';

/** What a PromQL expression reads. */
export interface Reads {
  /** Names of series, those of histograms with their suffix. */
  readonly metrics: ReadonlySet<string>;
  /** Labels it matches or groups by. */
  readonly labels: ReadonlySet<string>;
}

/** @throws Error at what is not PromQL */
export function parsePromQl(expression: string): Reads {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (type.name === 'LabelName') labels.add(text);
      if (type.name === 'Identifier' && node.parent?.type.name === 'VectorSelector') metrics.add(text);
    },
  });
  return { metrics, labels };
}

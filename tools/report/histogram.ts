/** Observations up to each bound, cumulative, as Prometheus writes a histogram; the last bound is Infinity. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The histograms of one metric in a Prometheus text, by the value of one label; other labels are added up.
 */
export function parseHistograms(text: string, metric: string, label: string): Map<string, Histogram> {
  const series = new Map<string, Map<number, number>>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${metric}_bucket{`)) continue;
    const labels = new Map([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
    const count = Number(line.slice(line.lastIndexOf(' ') + 1));
    const le = labels.get('le') === '+Inf' ? Infinity : Number(labels.get('le'));
    const key = labels.get(label) ?? '';
    const buckets = series.get(key) ?? new Map<number, number>();
    buckets.set(le, (buckets.get(le) ?? 0) + count);
    series.set(key, buckets);
  }
  return new Map(
    [...series].map(([key, buckets]) => {
      const bounds = [...buckets.keys()].toSorted((a, b) => a - b);
      return [key, { bounds, counts: bounds.map((bound) => buckets.get(bound) ?? 0) }];
    }),
  );
}

/** What was observed after `before` was read. */
export function subtractHistogram(after: Histogram, before: Histogram | undefined): Histogram {
  return { bounds: after.bounds, counts: after.counts.map((count, index) => count - (before?.counts[index] ?? 0)) };
}

export const observations = ({ counts }: Histogram): number => counts.at(-1) ?? 0;

/**
 * A percentile from the buckets, taking values to lie evenly inside one, as Prometheus' `histogram_quantile` does. `from` and `to` bound the
 * true value; `to` is Infinity when it is beyond the last bucket, and `value` then that bucket's bound.
 * @returns undefined when nothing was observed
 */
export function histogramPercentile({ bounds, counts }: Histogram, share: number): { value: number; from: number; to: number } | undefined {
  const total = counts.at(-1) ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  const index = counts.findIndex((count) => count >= rank);
  const to = bounds[index] ?? Infinity;
  const from = index > 0 ? (bounds[index - 1] ?? 0) : 0;
  if (to === Infinity) return { value: from, from, to };
  const below = index > 0 ? (counts[index - 1] ?? 0) : 0;
  const inside = (counts[index] ?? 0) - below;
  return { value: inside === 0 ? to : from + ((to - from) * (rank - below)) / inside, from, to };
}

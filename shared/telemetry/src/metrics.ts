import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
} from 'prom-client';

const PREFIX = 'loom_';
/** Seconds, from a cache hit to a request that is about to be given up. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type LabelValues<L extends string> = Partial<Record<L, string | number>>;

export interface Counter<L extends string = string> {
  inc(labels: LabelValues<L>, by?: number): void;
  /** Counts one more in the series of these labels, which must be few: for what every request counts. The same function for the same labels. */
  series(labels: LabelValues<L>): () => void;
}
export interface Gauge<L extends string = string> {
  set(labels: LabelValues<L>, value: number): void;
  inc(labels: LabelValues<L>, by?: number): void;
  dec(labels: LabelValues<L>, by?: number): void;
  /** Forgets the series of these labels. */
  remove(labels: LabelValues<L>): void;
}
export interface Histogram<L extends string = string> {
  observe(labels: LabelValues<L>, value: number): void;
  /** Starts a clock; calling the result observes the seconds since and answers them. */
  startTimer(labels?: LabelValues<L>): (labels?: LabelValues<L>) => number;
}

/**
 * The metrics of one process.
 *
 * 1. A name is given without the prefix `loom_`, which is put before it; counters end in `_total`, durations in `_seconds`.
 * 2. The same name with the same kind and labels answers the same metric; with others it throws.
 * 3. Labels come from a small closed set; never ids or user input.
 * 4. What a `collect` that fails had set is left out of the rendering, and the failure counted in `metrics_unread_total`: a store that is away takes
 *    no other figure along, nor what others set in the same gauge.
 */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /**
   * `collect` is called before each rendering, for values that are read rather than kept. Each one given for a name is called: parts of a process
   * that share a gauge tell themselves apart by a label.
   */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** Buckets default to durations in seconds from 1 ms to 30 s. */
  histogram<L extends string = never>(name: string, help: string, labels?: readonly L[], buckets?: readonly number[]): Histogram<L>;
  /** Everything in the Prometheus text format. */
  render(): Promise<{ contentType: string; body: string }>;
}

/** Metrics on a registry of their own, so that two of them in one process (tests, in-process subgraphs) never mix. */
export function createMetrics(options: { defaultMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.defaultMetrics) collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const known = new Map<string, { shape: string; metric: object }>();

  const once = <M extends object>(name: string, kind: string, labels: readonly string[], create: (fullName: string) => M): M => {
    const fullName = PREFIX + name;
    const shape = `${kind}(${labels.toSorted().join(', ')})`;
    const found = known.get(fullName);
    if (found === undefined) {
      const metric = create(fullName);
      known.set(fullName, { shape, metric });
      return metric;
    }
    if (found.shape !== shape) throw new Error(`Metric ${fullName} is a ${found.shape} already and cannot be a ${shape} too.`);
    return found.metric as M; // the same kind, by its shape
  };

  const unread = (): Counter<'metric'> =>
    metrics.counter('metrics_unread_total', 'Readings of a gauge that failed; its series are left out then.', ['metric']);
  const metrics: Metrics = {
    counter: (name, help, labels = []) =>
      once(
        name,
        'counter',
        labels,
        (fullName) => new SeriesCounter({ name: fullName, help, labelNames: [...labels], registers: [registry] }),
      ),
    gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = [], collect?: Collect<L>) {
      const gauge = once(
        name,
        'gauge',
        labels,
        (fullName) => new CollectedGauge<L>({ name: fullName, help, labelNames: [...labels], registers: [registry] }, unread),
      );
      if (collect) gauge.collectFrom(collect);
      return gauge;
    },
    histogram: (name, help, labels = [], buckets = DURATION_BUCKETS) =>
      once(
        name,
        'histogram',
        labels,
        (fullName) => new PromHistogram({ name: fullName, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
      ),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
  return metrics;
}

/** Counts of series are plain numbers until somebody looks. */
class SeriesCounter<L extends string> implements Counter<L> {
  readonly #counter: PromCounter<L>;
  readonly #series = new Map<string, CountedSeries<L>>();

  constructor(settings: CounterConfiguration<L>) {
    this.#counter = new PromCounter({ ...settings, collect: () => this.#handOver() });
  }

  inc(labels: LabelValues<L>, by?: number): void {
    this.#counter.inc(labels, by);
  }

  series(labels: LabelValues<L>): () => void {
    const key = JSON.stringify(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      const created: CountedSeries<L> = { labels, count: 0, add: () => void (created.count += 1) };
      this.#series.set(key, (series = created));
    }
    return series.add;
  }

  #handOver(): void {
    for (const series of this.#series.values()) {
      if (series.count > 0) this.#counter.inc(series.labels, series.count);
      series.count = 0;
    }
  }
}

interface CountedSeries<L extends string> {
  readonly labels: LabelValues<L>;
  readonly add: () => void;
  count: number;
}

type Collect<L extends string> = (gauge: Gauge<L>) => void | Promise<void>;

/** A gauge that asks everyone who offered before it is rendered. */
class CollectedGauge<L extends string> implements Gauge<L> {
  readonly #gauge: PromGauge<L>;
  readonly #name: string;
  readonly #isPlain: boolean;
  readonly #unread: () => Counter<'metric'>;
  readonly #sources: Source<L>[] = [];

  constructor(settings: GaugeConfiguration<L>, unread: () => Counter<'metric'>) {
    this.#name = settings.name;
    this.#isPlain = settings.labelNames?.length === 0;
    this.#unread = unread;
    const collect = (): Promise<void> => this.#collect();
    this.#gauge = new PromGauge({ ...settings, collect });
  }

  collectFrom(collect: Collect<L>): void {
    // One without labels says 0 before anybody sets it.
    this.#sources.push({ collect, series: new Map(this.#isPlain ? [['{}', {}]] : []) });
    this.#unread().inc({ metric: this.#name }, 0);
  }

  set(labels: LabelValues<L>, value: number): void {
    this.#gauge.set(labels, value);
  }

  inc(labels: LabelValues<L>, by?: number): void {
    this.#gauge.inc(labels, by);
  }

  dec(labels: LabelValues<L>, by?: number): void {
    this.#gauge.dec(labels, by);
  }

  remove(labels: LabelValues<L>): void {
    this.#gauge.remove(labels);
  }

  async #collect(): Promise<void> {
    await Promise.all(this.#sources.map((source) => this.#ask(source)));
  }

  async #ask({ collect, series }: Source<L>): Promise<void> {
    try {
      await collect({
        set: (labels, value) => {
          series.set(JSON.stringify(labels), labels);
          this.set(labels, value);
        },
        inc: (labels, by) => this.inc(labels, by),
        dec: (labels, by) => this.dec(labels, by),
        remove: (labels) => this.remove(labels),
      });
    } catch {
      for (const labels of series.values()) this.remove(labels);
      this.#unread().inc({ metric: this.#name });
    }
  }
}

interface Source<L extends string> {
  readonly collect: Collect<L>;
  /** What it has set, by its labels. */
  readonly series: Map<string, LabelValues<L>>;
}

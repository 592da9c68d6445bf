import { createMetrics } from './metrics.js';

describe('metrics', () => {
  it('1. renders counters, gauges and histograms with the prefix', async () => {
    const metrics = createMetrics();
    metrics.counter('events_total', 'Events.', ['type']).inc({ type: 'used' }, 2);
    metrics.gauge('lag', 'Lag.').set({}, 5);
    metrics.histogram('request_seconds', 'Requests.', ['route']).observe({ route: '/graphql' }, 0.02);
    const { contentType, body } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('loom_events_total{type="used"} 2');
    expect(body).toContain('loom_lag 5');
    expect(body).toContain('loom_request_seconds_bucket{le="0.025",route="/graphql"} 1');
  });

  it('2. answers the same metric for the same name, and refuses another shape', async () => {
    const metrics = createMetrics();
    const first = metrics.counter('hits_total', 'Hits.', ['a', 'b']);
    expect(metrics.counter('hits_total', 'Hits.', ['b', 'a'])).toBe(first);
    expect(() => metrics.counter('hits_total', 'Hits.', ['c'])).toThrow('loom_hits_total is a counter(a, b) already');
    expect(() => metrics.gauge('hits_total', 'Hits.', ['a', 'b'])).toThrow('cannot be a gauge');
  });

  it('reads a collected gauge at each rendering', async () => {
    const metrics = createMetrics();
    let size = 1;
    metrics.gauge('entries', 'Entries.', [], (gauge) => gauge.set({}, size));
    expect((await metrics.render()).body).toContain('loom_entries 1');
    size = 9;
    expect((await metrics.render()).body).toContain('loom_entries 9');
  });

  it('4. leaves out what cannot be read, counts that, and renders the rest', async () => {
    const metrics = createMetrics();
    let isAway = false;
    const read = (gauge: { set(labels: object, value: number): void }): Promise<void> => {
      if (isAway) return Promise.reject(new Error('away'));
      gauge.set({}, 7);
      return Promise.resolve();
    };
    metrics.gauge('rows', 'Rows.', [], read);
    metrics.gauge('rows_of', 'Rows.', ['table'], (gauge) => read({ set: (_, value) => gauge.set({ table: 'a' }, value) }));
    metrics.counter('hits_total', 'Hits.').inc({});
    const before = (await metrics.render()).body;
    expect(before).toContain('loom_rows 7');
    expect(before).toContain('loom_rows_of{table="a"} 7');
    expect(before).toContain('loom_metrics_unread_total{metric="loom_rows"} 0');
    isAway = true;
    const { body } = await metrics.render();
    expect(body).not.toMatch(/^loom_rows/m);
    expect(body).toContain('loom_hits_total 1');
    isAway = false;
    const after = (await metrics.render()).body;
    expect(after).toContain('loom_rows 7');
    expect(after).toContain('loom_metrics_unread_total{metric="loom_rows_of"} 1');
  });

  // Two engines in one process shared a gauge by name, and the second one's series were missing: only the first `collect` of a name was kept.
  it('4. asks everyone who shares a gauge, and leaves out only what those had set who fail now', async () => {
    const metrics = createMetrics();
    let isAway = false;
    for (const subgraph of ['templates', 'accounts']) {
      metrics.gauge('pending', 'Pending.', ['subgraph'], (gauge) => {
        if (isAway && subgraph === 'accounts') throw new Error('away');
        gauge.set({ subgraph }, subgraph.length);
      });
    }
    const series = async () => (await metrics.render()).body.split('\n').filter((line) => line.startsWith('loom_pending'));
    expect(await series()).toEqual(['loom_pending{subgraph="templates"} 9', 'loom_pending{subgraph="accounts"} 8']);
    isAway = true;
    expect(await series()).toEqual(['loom_pending{subgraph="templates"} 9']);
    isAway = false;
    expect(await series()).toHaveLength(2);
  });

  it('counts in a series what `inc` counts, and whatever has not been handed over when it is rendered', async () => {
    const metrics = createMetrics();
    const hits = metrics.counter('hits_total', 'Hits.', ['kind']);
    const [hit, miss] = [hits.series({ kind: 'hit' }), hits.series({ kind: 'miss' })];
    expect(hits.series({ kind: 'hit' })).toBe(hit);
    const lines = async () => (await metrics.render()).body.split('\n').filter((line) => line.startsWith('loom_hits'));
    expect(await lines()).toEqual([]);
    hits.inc({ kind: 'hit' }, 2);
    for (let i = 0; i < 300; i++) hit();
    expect(await lines()).toEqual(['loom_hits_total{kind="hit"} 302']);
    miss();
    expect(await lines()).toEqual(['loom_hits_total{kind="hit"} 302', 'loom_hits_total{kind="miss"} 1']);
  });

  it('keeps two processes-in-one apart and offers the runtime figures on request', async () => {
    const [plain, full] = [createMetrics(), createMetrics({ defaultMetrics: true })];
    expect((await plain.render()).body.trim()).toBe('');
    const { body } = await full.render();
    expect(body).toContain('loom_nodejs_eventloop_lag_seconds');
    expect(body).toContain('loom_nodejs_heap_size_used_bytes');
  });
});

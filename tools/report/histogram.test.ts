import { histogramPercentile, observations, parseHistograms, subtractHistogram } from './histogram.ts';

const text = `# HELP loom_sync_lag_seconds From commit to application.
# TYPE loom_sync_lag_seconds histogram
loom_sync_lag_seconds_bucket{le="0.1",subgraph="templates",projection="vectors"} 10
loom_sync_lag_seconds_bucket{le="0.2",subgraph="templates",projection="vectors"} 90
loom_sync_lag_seconds_bucket{le="+Inf",subgraph="templates",projection="vectors"} 100
loom_sync_lag_seconds_sum{subgraph="templates",projection="vectors"} 14.2
loom_sync_lag_seconds_count{subgraph="templates",projection="vectors"} 100
loom_sync_lag_seconds_bucket{le="0.1",subgraph="templates",projection="graph"} 1
loom_sync_lag_seconds_bucket{le="0.2",subgraph="templates",projection="graph"} 1
loom_sync_lag_seconds_bucket{le="+Inf",subgraph="templates",projection="graph"} 1
loom_sync_lag_seconds_bucket_other{le="0.1"} 5
`;

describe('parseHistograms', () => {
  it('reads one metric by label', () => {
    const histograms = parseHistograms(text, 'loom_sync_lag_seconds', 'projection');
    expect([...histograms.keys()]).toEqual(['vectors', 'graph']);
    expect(histograms.get('vectors')).toEqual({ bounds: [0.1, 0.2, Infinity], counts: [10, 90, 100] });
  });

  it('adds up what other labels tell apart', () => {
    const all = parseHistograms(text, 'loom_sync_lag_seconds', 'subgraph').get('templates');
    expect(all?.counts).toEqual([11, 91, 101]);
  });
});

describe('histogramPercentile', () => {
  const histogram = { bounds: [0.1, 0.2, Infinity], counts: [10, 90, 100] };

  it('interpolates inside the bucket and names its bounds', () => {
    const p50 = histogramPercentile(histogram, 0.5);
    expect(p50?.value).toBeCloseTo(0.15);
    expect(p50).toMatchObject({ from: 0.1, to: 0.2 });
    expect(histogramPercentile(histogram, 0.05)).toMatchObject({ value: 0.05, from: 0 });
  });

  it('does not invent a value beyond the last bucket', () => {
    expect(histogramPercentile(histogram, 0.99)).toEqual({ value: 0.2, from: 0.2, to: Infinity });
  });

  it('has no percentile of nothing', () => {
    expect(histogramPercentile({ bounds: [1, Infinity], counts: [0, 0] }, 0.5)).toBeUndefined();
  });

  it('takes what was observed in between', () => {
    const during = subtractHistogram(histogram, { bounds: [0.1, 0.2, Infinity], counts: [10, 10, 10] });
    expect(during.counts).toEqual([0, 80, 90]);
    expect(observations(during)).toBe(90);
    expect(subtractHistogram(histogram, undefined).counts).toEqual(histogram.counts);
  });
});

import { createMetrics } from '@loomgraph/telemetry';
import { createConfiguredAnalyser, type AnalyserSettings } from './configured-analyser.js';

const named = (kind: AnalyserSettings['analyser']['kind'], apiKey: string | undefined): string =>
  createConfiguredAnalyser(
    {
      provider: { apiKey: apiKey === undefined ? undefined : { reveal: () => apiKey }, baseUrl: 'http://127.0.0.1:1/v1' },
      analyser: { kind, model: 'm', timeoutMs: 1_000 },
    },
    { metrics: createMetrics() },
  ).name;

describe('the configured analyser', () => {
  it.each([
    [undefined, undefined, 'local'],
    [undefined, 'key', 'openai'],
    ['local', 'key', 'local'],
    ['openai', 'key', 'openai'],
    ['openai', undefined, 'openai'],
  ] as const)('%s with the key %s is %s', (kind, apiKey, expected) => {
    expect(named(kind, apiKey)).toBe(expected);
  });
});

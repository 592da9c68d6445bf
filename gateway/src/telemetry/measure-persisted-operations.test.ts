import { createMetrics } from '@loomgraph/telemetry';
import { createMemoryPersistedOperations } from '../request/persisted-operations.js';
import { measurePersistedOperations } from './measure-persisted-operations.js';

describe('measurePersistedOperations', () => {
  it('answers as the store does, and counts', async () => {
    const metrics = createMetrics();
    const store = measurePersistedOperations(createMemoryPersistedOperations({ maxBytes: 10_000 }), metrics);
    expect(await store.get('hash')).toBeUndefined();
    await store.set('hash', '{ a }');
    expect(await store.get('hash')).toBe('{ a }');
    const { body } = await metrics.render();
    expect(body).toContain('lookups_total{outcome="hit"} 1');
    expect(body).toContain('lookups_total{outcome="miss"} 1');
    expect(body).toContain('registered_total 1');
  });

  it('passes on that the store does not answer, and counts it', async () => {
    const metrics = createMetrics();
    const down = { get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) };
    const store = measurePersistedOperations(down, metrics);
    await expect(store.get('hash')).rejects.toThrow('down');
    await expect(store.set('hash', '{ a }')).rejects.toThrow('down');
    const { body } = await metrics.render();
    expect(body).toContain('lookups_total{outcome="unreachable"} 1');
    expect(body).toContain('registered_total 0');
  });
});

import type { Metrics } from '@loomgraph/telemetry';
import type { PersistedOperations } from '../request/persisted-operations.js';

/** Counts what a store of persisted operations is asked, by what came of it. */
export function measurePersistedOperations(store: PersistedOperations, metrics: Metrics): PersistedOperations {
  const lookups = metrics.counter('gateway_persisted_operation_lookups_total', 'Operations asked for by their hash.', ['outcome']);
  const registered = metrics.counter('gateway_persisted_operations_registered_total', 'Texts that clients sent with their hash.');
  for (const outcome of ['hit', 'miss', 'unreachable']) lookups.inc({ outcome }, 0);
  registered.inc({}, 0);
  return {
    async get(sha256Hash) {
      try {
        const text = await store.get(sha256Hash);
        lookups.inc({ outcome: text === undefined ? 'miss' : 'hit' });
        return text;
      } catch (error) {
        lookups.inc({ outcome: 'unreachable' });
        throw error;
      }
    },
    async set(sha256Hash, text) {
      await store.set(sha256Hash, text);
      registered.inc({});
    },
  };
}

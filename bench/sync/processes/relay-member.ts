/** A relay in a process of its own, with the projections a measurement asks for. */
import type { StoreSet } from '@loomgraph/stores';
import type { Bus, BusMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { Relay, type Projection, type ProjectionTarget } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { openProjection } from '../workload/projections.ts';
import { benchRecord } from '../workload/record.ts';
import { numberOf } from '../workload/rows.ts';
import type { BenchSettings, TargetName } from '../workload/settings.ts';
import { sharedNowMs } from './clock.ts';
import { createArrivals, type Arrivals } from './arrivals.ts';
import { serve } from './serve.ts';

interface Opened {
  readonly stores: StoreSet;
  readonly store: RelationalStore;
  readonly projections: readonly Projection[];
  readonly arrivals: Arrivals;
}

let opened: Opened | undefined;
let running: Relay | undefined;

const api = {
  async open(options: { settings: BenchSettings; name: string; targets: readonly TargetName[] }): Promise<void> {
    const { settings, name, targets } = options;
    const stores = openStores(settings);
    const store = await openDatabase(stores, { name });
    const arrivals = createArrivals();
    const projections: Projection[] = [];
    for (const target of targets) {
      const projection = await openProjection(stores, target, { settings, name, vectorIndex: 'hnsw' });
      projections.push({
        ...projection,
        definition: { ...projection.definition, target: watched(projection.definition.target, target, arrivals) },
      });
    }
    opened = { stores, store, projections, arrivals };
  },

  async start(): Promise<void> {
    const { stores, store, projections, arrivals } = known();
    const bus = await stores.bus();
    // All that a relay does with a bus.
    const publisher = {
      publish: async (topic: string, messages: readonly BusMessage[]) => {
        await bus.publish(topic, messages);
        arrivals.published(messages.length);
      },
    } as unknown as Bus;
    running = new Relay({
      store,
      bus: publisher,
      projections,
      records: [benchRecord],
      subgraph: 'bench',
      logger: silentLogger,
      metrics: createMetrics(),
    });
    await running.start();
  },

  /** Starts, waits until so many documents are in each target, or events on the bus, and nothing is owed; then stops. */
  async drain({
    expected,
    of,
    timeoutMs,
  }: {
    expected: number;
    of: 'documents' | 'events';
    timeoutMs: number;
  }): Promise<{ seconds: number }> {
    const { arrivals, projections } = known();
    const startedAt = performance.now();
    const arrived = arrivals.until(expected * (of === 'documents' ? projections.length : 1), timeoutMs);
    await api.start();
    await arrived;
    if (!(await running?.whenQuiet(timeoutMs))) throw new Error(`Something was still owed after ${timeoutMs / 1_000} s.`);
    const seconds = (performance.now() - startedAt) / 1_000;
    await api.stop();
    return { seconds };
  },

  async quiet({ timeoutMs }: { timeoutMs: number }): Promise<boolean> {
    return (await running?.whenQuiet(timeoutMs)) ?? false;
  },

  async stop(): Promise<void> {
    await running?.stop();
    running = undefined;
  },

  /** When each document was in its target, since this was last asked: target, number of the record, revision, time; flat. */
  async arrivals(): Promise<readonly (number | string)[]> {
    return known().arrivals.take();
  },
};

export type RelayApi = typeof api;

function known(): Opened {
  if (!opened) throw new Error('Nothing is open.');
  return opened;
}

function watched(target: ProjectionTarget<unknown>, name: TargetName, arrivals: Arrivals): ProjectionTarget<unknown> {
  return {
    ...target,
    async apply(documents, options) {
      const outcomes = await target.apply(documents, options);
      const at = sharedNowMs();
      // One that is fenced is there as well: at this revision or a later one.
      for (const { id, revision } of documents) arrivals.add(name, numberOf(id), revision, at);
      return outcomes;
    },
  };
}

serve(api);

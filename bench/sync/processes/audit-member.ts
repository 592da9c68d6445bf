/** A check of a whole projection in a process of its own, as a job runs it. */
import { JobRunner, jobs, Relay, type CheckResult } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { openProjection } from '../workload/projections.ts';
import { benchRecord } from '../workload/record.ts';
import type { BenchSettings } from '../workload/settings.ts';
import { serve } from './serve.ts';

const POLL_MS = 50;

let store: RelationalStore | undefined;
let runner: JobRunner | undefined;

const api = {
  /** `isNew`: nothing is there yet; a relay runs for a moment, which makes the projection known. */
  async open({ settings, name, state }: { settings: BenchSettings; name: string; state: 'new' | 'filled' }): Promise<void> {
    const stores = openStores(settings);
    store = await openDatabase(stores, { name });
    const projection = await openProjection(stores, 'vectors', { settings, name, vectorIndex: 'none' });
    const common = {
      store,
      projections: [projection],
      records: [benchRecord],
      subgraph: 'bench',
      logger: silentLogger,
      metrics: createMetrics(),
    };
    if (state === 'new') {
      const relay = new Relay({ ...common, bus: await stores.bus() });
      await relay.start();
      await relay.stop();
    } else {
      runner = new JobRunner({ ...common, pollMs: POLL_MS });
      runner.start();
    }
  },

  async check(): Promise<{ seconds: number; result: CheckResult }> {
    if (!store || !runner) throw new Error('Nothing is open.');
    const startedAt = performance.now();
    const { id } = await jobs(store).create({ kind: 'check', requestedBy: 'bench' });
    runner.notify();
    for (;;) {
      const job = await jobs(store).get(id);
      if (job?.state === 'done') return { seconds: (performance.now() - startedAt) / 1_000, result: job.result as CheckResult }; // of a check
      if (job?.error || job?.state === 'failed') throw new Error(`The check failed: ${job.error?.message}`);
      await sleep(POLL_MS);
    }
  },
};

export type AuditApi = typeof api;

serve(api);

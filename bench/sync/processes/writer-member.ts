/** A writer in a process of its own: changes records at a fixed rate, through the unit of work. */
import { createUnitOfWork, type UnitOfWork } from '@loomgraph/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { BenchTemplate } from '../workload/record.ts';
import { idOf } from '../workload/rows.ts';
import type { BenchSettings } from '../workload/settings.ts';
import { sharedNowMs } from './clock.ts';
import { serve } from './serve.ts';

export interface Writing {
  /** Changes per second that are offered. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Records that one transaction changes. */
  readonly perTransaction: number;
  /** Records there are; they are changed in turn, so that no two changes of one are under way at once. */
  readonly records: number;
  readonly maxInFlight: number;
}

export interface Written {
  /** Number of the record, its new revision, when its transaction was about to commit; flat. */
  readonly changes: readonly number[];
  readonly seconds: number;
  /** From when a transaction was due until it was answered. */
  readonly latenciesMs: readonly number[];
}

let unitOfWork: UnitOfWork | undefined;
/** Texts differ from one run to the next: a change that changes nothing would not be written. */
let runs = 0;

const api = {
  async open({ settings, name }: { settings: BenchSettings; name: string }): Promise<void> {
    unitOfWork = createUnitOfWork(await openDatabase(openStores(settings), { name }), () => undefined);
  },

  async write({ perSecond, seconds, perTransaction, records, maxInFlight }: Writing): Promise<Written> {
    runs++;
    const changes: number[] = [];
    const latenciesMs: number[] = [];
    const inFlight = new Set<Promise<void>>();
    const transactionsPerSecond = perSecond / perTransaction;
    const total = Math.round(transactionsPerSecond * seconds);
    const startedAt = performance.now();
    const write = async (transaction: number): Promise<void> => {
      const numbers = Array.from({ length: perTransaction }, (_, n) => (transaction * perTransaction + n) % records);
      changes.push(...(await change(numbers, transaction)));
      latenciesMs.push(performance.now() - startedAt - (transaction * 1_000) / transactionsPerSecond);
    };
    for (let next = 0; next < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * transactionsPerSecond) + 1);
      for (; next < due && performance.now() - startedAt < seconds * 1_000; next++) {
        while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
        const writing = write(next);
        inFlight.add(writing);
        void writing.then(() => inFlight.delete(writing));
      }
      // What could not be sent in time is not sent: the rate that was reached says so.
      if (performance.now() - startedAt >= seconds * 1_000) break;
      await sleep(1);
    }
    await Promise.all(inFlight);
    return { changes, seconds: (performance.now() - startedAt) / 1_000, latenciesMs };
  },
};

export type WriterApi = typeof api;

async function change(numbers: readonly number[], transaction: number): Promise<number[]> {
  if (!unitOfWork) throw new Error('Nothing is open.');
  let committingAt = 0;
  const changed = await unitOfWork.run(async ({ em }) => {
    const templates = await em.find(BenchTemplate, { id: { $in: numbers.map(idOf) } });
    for (const template of templates) template.description = `${template.description.replace(/ \(.*/, '')} (${runs}.${transaction})`;
    committingAt = sharedNowMs();
    return templates;
  });
  return changed.flatMap(({ id, revision }) => [Number(id.slice(1)), revision, committingAt]);
}

serve(api);

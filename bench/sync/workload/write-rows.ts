import type { RelationalStore } from '@loomgraph/stores/relational';
import { createUnitOfWork } from '@loomgraph/sync';
import { BenchTemplate } from './record.ts';
import type { BenchRow } from './rows.ts';

const ROWS_PER_TRANSACTION = 500;

/** Writes records as an import does: many to a transaction, each captured. */
export async function writeRows(store: RelationalStore, rows: readonly BenchRow[]): Promise<void> {
  const unitOfWork = createUnitOfWork(store, () => undefined);
  for (let start = 0; start < rows.length; start += ROWS_PER_TRANSACTION) {
    await unitOfWork.run(({ em }) => {
      for (const row of rows.slice(start, start + ROWS_PER_TRANSACTION)) em.create(BenchTemplate, row);
      return Promise.resolve();
    });
  }
}

import { setImmediate as breathe } from 'node:timers/promises';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { makeDue, type Rewrite } from '../audit/repair.js';
import type { SourceRecords } from '../audit/source-records.js';
import type { Projection } from '../projection/define-projection.js';

const PAGE = 1_000;

export interface EnqueueOptions {
  readonly projection: Pick<Projection, 'name' | 'source'>;
  readonly source: SourceRecords;
  readonly rewrite?: Rewrite;
  /** Key to begin after. */
  readonly after?: string | undefined;
  /** Told of each page once it is due; throws to stop. */
  readonly onPage?: (after: string, records: number) => Promise<void>;
}

/** Makes every record due for a projection, in pages by key, behind all that live changes make due. @returns how many */
export async function enqueueAll(store: RelationalStore, options: EnqueueOptions): Promise<number> {
  let { after } = options;
  let total = 0;
  for (;;) {
    const records = await options.source.page(after, PAGE);
    await makeDue(store, { projection: options.projection, rewrite: options.rewrite ?? 'when-changed' }, records);
    total += records.length;
    await breathe(); // an embedded database answers without leaving the microtasks
    after = records.at(-1)?.id;
    if (after !== undefined) await options.onPage?.(after, records.length);
    if (records.length < PAGE) return total;
  }
}

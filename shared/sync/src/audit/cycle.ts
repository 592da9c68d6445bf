import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';
import { endCycle, saveAuditState, type AuditState } from './audit-state.js';
import type { AuditDepth } from './observe.js';
import { makeDue, repairsOwed } from './repair.js';
import type { SourceRecords } from './source-records.js';
import { addReport, emptyTally, foundIn, type Report, type Tally } from './tally.js';
import { walk } from './walk.js';

export interface CycleOptions {
  readonly store: RelationalStore;
  readonly projection: Projection;
  readonly source: SourceRecords;
  readonly depth: AuditDepth;
  /** `enqueue`: what is found is written again, over whatever is there. `report`: it is only counted. */
  readonly repair: 'enqueue' | 'report';
  readonly signal: AbortSignal;
  readonly page: number;
  readonly pace: (records: number) => Promise<void>;
  /** Told of each page once it is saved; false ends the walk: somebody else has the audit. */
  readonly onPage: (report: Report, records: number) => Promise<boolean>;
  readonly now: () => number;
}

export const newCycle = (now: number, lastCycle: AuditState['lastCycle']): AuditState => ({
  phase: 'source',
  after: undefined,
  startedAt: now,
  tally: emptyTally(),
  repaired: 0,
  lastCycle,
});

/** Goes on with a cycle from where its row says; the row follows page by page, so a crash costs the pages under way. */
export async function runCycle(options: CycleOptions, start: AuditState): Promise<void> {
  const { store, projection, signal, page, pace } = options;
  if (start.phase === 'rest') return;
  const { tally } = start;
  const from = { phase: start.phase, after: start.after };
  for await (const walked of walk({ store, projection, source: options.source, depth: options.depth, from, signal, page, pace })) {
    tally[walked.phase === 'source' ? 'checked' : 'scanned'] += walked.records;
    addReport(tally, walked);
    await enqueueRepairs(options, walked);
    await saveAuditState(store, projection.name, { ...start, phase: walked.phase, after: walked.after, tally });
    if (!(await options.onPage(walked, walked.records))) return;
  }
  const lastCycle = endCycle({ ...start, repaired: 0 }, options.now(), await stillOwed(options, tally));
  await saveAuditState(store, projection.name, {
    ...start,
    phase: 'rest',
    after: undefined,
    tally,
    repaired: lastCycle.repaired,
    lastCycle,
  });
}

/** What is only reported stays as it is. */
async function stillOwed({ store, projection, repair }: CycleOptions, tally: Tally): Promise<number> {
  return repair === 'report' ? foundIn(tally) : repairsOwed(store, projection.name);
}

/** Takes note of the repairs that were done since; a cycle's drift is zero once all are. @returns whether some are still owed */
export async function followRepairs(store: RelationalStore, projection: string, state: AuditState): Promise<boolean> {
  const owed = await repairsOwed(store, projection);
  const lastCycle = state.lastCycle && endCycle(state, state.lastCycle.endedAt, owed);
  if (lastCycle && lastCycle.repaired !== state.repaired)
    await saveAuditState(store, projection, { ...state, repaired: lastCycle.repaired, lastCycle });
  return owed > 0;
}

async function enqueueRepairs({ store, projection, repair }: CycleOptions, { findings }: Report): Promise<void> {
  if (repair === 'report') return;
  await makeDue(
    store,
    { projection, rewrite: 'always' },
    findings.filter((finding) => !finding.known),
  );
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../projection/define-projection.js';
import { classify, isSame, type Observation } from './classify.js';
import { observe, type AuditDepth } from './observe.js';
import { owedTo } from './owed.js';
import type { Finding, Report } from './tally.js';

/** Waits before a record is looked at again, each twice the one before: about 10 s in all. */
const FIRST_WAIT_MS = 150;
const LOOKS = 6;

export interface ConfirmOptions {
  readonly depth: AuditDepth;
  readonly signal?: AbortSignal | undefined;
  /** Wait before the n-th further look, in ms. */
  readonly waitMs?: ((look: number) => number) | undefined;
}

/**
 * Tells drift from what is merely on its way. A record counts when two looks in a row show the same record and the same untouched document, and
 * nothing was owed between and after them. That is enough whatever the timing: had the record been settled at the moment nothing was owed, its
 * document was right then, and for the second look to find the earlier document again somebody must have gone back to an old fence.
 * A record that keeps changing is let go; another cycle will see it.
 */
export async function confirm(
  store: RelationalStore,
  projection: Projection,
  suspects: readonly Observation[],
  options: ConfirmOptions,
): Promise<Report> {
  const { depth, signal, waitMs = (look) => FIRST_WAIT_MS * 2 ** look } = options;
  const forgets = projection.definition.target.forgets ?? false;
  const findings: Finding[] = [];
  const owed: Report['owed'][number][] = [];
  let before = suspects;
  for (let look = 0; before.length > 0; look++) {
    const owedBefore = await owedTo(
      store,
      projection,
      before.map(({ id }) => id),
    );
    await sleep(waitMs(look), undefined, { signal });
    // The full look even where the audit is shallow: what is derived decides whether there should be a document at all.
    const now = await observe(
      store,
      projection,
      before.map(({ id }) => id),
      depth,
    );
    const owedAfter = await owedTo(
      store,
      projection,
      now.map(({ id }) => id),
    );
    const again: Observation[] = [];
    for (const [position, observation] of now.entries()) {
      const drift = classify(observation, { forgets });
      if (!drift) continue;
      const { id } = observation;
      const reason = owedAfter(id);
      if (reason === 'dead' || reason === 'discarded') owed.push(reason);
      else if (reason === 'repairing') findings.push(toFinding(observation, drift, true));
      else if (!reason && !owedBefore(id) && isSame(before[position] as Observation, observation))
        findings.push(toFinding(observation, drift, false));
      else if (look + 1 < LOOKS) again.push(observation);
      else owed.push('pending');
    }
    before = again;
  }
  return { findings, owed };
}

function toFinding({ id, expected, entry }: Observation, drift: Finding['class'], known: boolean): Finding {
  const stored = entry ? { revision: entry.revision, fence: entry.fence } : undefined;
  return { id, class: drift, revision: expected?.revision ?? entry?.revision ?? 0, deleted: !expected, stored, known };
}

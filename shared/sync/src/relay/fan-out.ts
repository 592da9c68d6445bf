import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Dependents, Projection, Trigger } from '../projection/define-projection.js';
import { defaultPolicy } from '../projection/policy.js';
import type { Claim } from './claim.js';
import { enqueueDeliveries } from './deliveries.js';
import type { Faults } from './faults.js';
import type { Work } from './work.js';

const PAGE = 1_000;

/** A trigger on what another projection writes. */
export interface DerivedTrigger {
  /** Of the deliveries of the search for dependents. */
  readonly name: string;
  readonly source: string;
}

/** Of the deliveries that look for a projection's dependents. */
const fanOutName = (projection: Projection, trigger: Trigger): string => `${projection.name}<-${trigger.on}`;

/** The triggers among `projections` on what `projection` writes. */
export function dependentsOf(projection: Projection, projections: readonly Projection[]): DerivedTrigger[] {
  return projections.flatMap((other) =>
    other.triggers
      .filter(({ on }) => on === projection.name)
      .map((trigger) => ({ name: fanOutName(other, trigger), source: projection.source })),
  );
}

/**
 * The searches for a projection's dependents: a changed record waits as a delivery of its own, whose worker pages through the records that depend on
 * it and makes them due. Many changes of it collapse into one search; one that is interrupted starts again, which makes records due twice at most.
 * One on a record type is fed by the dispatcher, one on another projection by that one's worker, before it writes.
 */
export function fanOutWorks(
  projection: Projection,
  deps: { readonly store: RelationalStore; readonly projections: readonly Projection[]; readonly faults: Faults },
): (Work & { readonly fed: 'by changes' | 'by a projection' })[] {
  return projection.triggers.map((trigger) => {
    const upstream = deps.projections.find(({ name }) => name === trigger.on);
    return {
      name: fanOutName(projection, trigger),
      source: upstream?.source ?? trigger.on,
      after: upstream ? [upstream.name] : [],
      policy: {
        ...defaultPolicy,
        batch: trigger.batch ?? defaultPolicy.batch,
        maxAttempts: projection.policy.maxAttempts,
        backoff: projection.policy.backoff,
        concurrency: 1,
      },
      target: {},
      fed: upstream ? 'by a projection' : 'by changes',
      async deliver(_batch, claims, steps) {
        const ids = claims.map(({ id }) => id);
        const range = rangeOf(claims);
        let after: string | undefined;
        for (;;) {
          const page = { limit: PAGE, ...(after !== undefined && { after }) };
          const dependents = toDependents(await steps.run('load', () => trigger.ids(ids, deps.store.read(), page)));
          await steps.run('apply', () => makeDue(deps.store, projection, dependents, range));
          await deps.faults('fanout.page');
          after = dependents.ids.at(-1);
          if (after === undefined || dependents.ids.length < PAGE) return { failed: new Map(), fenced: 0 };
        }
      },
      answers: () => Promise.resolve(false),
      payload: () => Promise.resolve(undefined),
    };
  });
}

/** Makes the search for dependents due before what they depend on is written: whatever dies in between, it is not forgotten. */
export async function announceTo(
  store: RelationalStore,
  dependents: readonly DerivedTrigger[],
  claims: readonly Claim[],
  ids: readonly string[],
): Promise<void> {
  const claimed = new Map(claims.map((claim) => [claim.id, claim]));
  const due = ids.flatMap((id) => claimed.get(id) ?? []);
  if (due.length === 0) return;
  await store.transaction((em) =>
    enqueueDeliveries(
      store,
      em,
      dependents.flatMap(({ name, source }) =>
        due.map((one) => ({ projection: name, recordType: source, recordId: one.id, ...rangeOf([one]) })),
      ),
    ),
  );
}

interface Range {
  readonly revision: number;
  readonly deleted: boolean;
  readonly firstOutboxId: number;
  readonly lastOutboxId: number;
  readonly changedAt: number;
}

const isList = (found: readonly string[] | Dependents): found is readonly string[] => Array.isArray(found);

function toDependents(found: readonly string[] | Dependents): Dependents {
  return isList(found) ? { ids: found, alongside: () => Promise.resolve() } : found;
}

async function makeDue(store: RelationalStore, projection: Projection, { ids, alongside }: Dependents, range: Range): Promise<void> {
  // Revision 0: what is known of a dependent is that it may look different. Should it be gone, its own removal says so.
  const due = ids.map((recordId) => ({
    projection: projection.name,
    recordType: projection.source,
    recordId,
    ...range,
    revision: 0,
    deleted: false,
  }));
  await store.transaction(async (em) => {
    await alongside(em);
    if (due.length > 0) await enqueueDeliveries(store, em, due);
  });
}

/** The changes that these claims cover, as one. */
function rangeOf(claims: readonly Claim[]): Range {
  return {
    revision: Math.max(...claims.map((claim) => claim.revision)),
    deleted: claims.every((claim) => claim.deleted),
    firstOutboxId: Math.min(...claims.map((claim) => claim.firstOutboxId)),
    lastOutboxId: Math.max(...claims.map((claim) => claim.lastOutboxId)),
    changedAt: Math.min(...claims.map((claim) => claim.changedAt)),
  };
}

import { LoomError } from '@loomgraph/core';
import type { ApplyOutcome, ScanEntry, StoredOrder } from '@loomgraph/stores/vectors';
import type { EntityManager } from '@mikro-orm/sql';
import type { ProjectedDocument, Projection } from './define-projection.js';
import { fingerprint } from './fingerprint.js';

export interface RecordToProject {
  readonly id: string;
  /** The highest revision the engine heard of: a record that is gone leaves a tombstone with it. */
  readonly revision: number;
  /** Repair: written over whatever the target holds, unless that changes meanwhile. */
  readonly forced?: boolean;
}

/** Runs the steps of a batch, so that whoever has it done can measure, bound and interrupt them. */
export interface Steps {
  run<T>(step: 'load' | 'derive' | 'apply', work: () => Promise<T>): Promise<T>;
}

export interface ProjectOptions {
  readonly em: () => EntityManager;
  /** Of the claim that the records were taken with: at one revision the highest wins. */
  readonly fence: number;
  readonly steps?: Steps;
  /** Told before they are written which documents change their content. */
  readonly announce?: (ids: readonly string[]) => Promise<void>;
}

export interface ProjectOutcome {
  /** What nobody but the record itself can be blamed for. */
  readonly failed: ReadonlyMap<string, unknown>;
  /** The target was ahead of these. */
  readonly fenced: number;
}

const direct: Steps = { run: (_step, work) => work() };
/** How often a repair looks again at what is changed under its hands. */
const REPAIR_ATTEMPTS = 3;

/**
 * Brings the target up to date for these records: loads their current state, derives, applies fenced by revision and fence; those that are gone
 * leave tombstones. Running it twice, late or out of order changes nothing.
 * @throws whatever `load` or the target throw, for the batch as a whole
 */
export async function project(
  projection: Projection,
  records: readonly RecordToProject[],
  { em, fence, steps = direct, announce }: ProjectOptions,
): Promise<ProjectOutcome> {
  const failed = new Map<string, unknown>();
  let fenced = 0;
  let left = records;
  for (let attempt = 1; left.length > 0; attempt++) {
    const outcomes = await projectOnce(projection, left, { em, fence, steps, ...(announce && { announce }) }, failed);
    const behind = left.filter(({ id }) => outcomes.get(id) === 'fenced');
    left = behind.filter((record) => record.forced);
    fenced += behind.length - left.length;
    if (attempt < REPAIR_ATTEMPTS) continue;
    for (const { id } of left) failed.set(id, new LoomError('CONFLICT', 'What the target holds changed each time it was to be repaired.'));
    left = [];
  }
  return { failed, fenced };
}

async function projectOnce(
  projection: Projection,
  records: readonly RecordToProject[],
  { em, fence, steps = direct, announce }: ProjectOptions,
  failed: Map<string, unknown>,
): Promise<ReadonlyMap<string, ApplyOutcome>> {
  const { target } = projection.definition;
  // Looked at before the record is loaded: what is written later than this look is not replaced.
  const stored = await storedOrders(projection, records, steps);
  const loaded = await steps.run('load', () =>
    projection.definition.load(
      records.map(({ id }) => id),
      em(),
    ),
  );
  const present = new Set(loaded.map(({ id }) => id));
  const order = (id: string, revision: number) => ({ id, revision, fence, ...replacing(stored.get(id)) });
  const documents = await steps.run('derive', async () => {
    const derived: ProjectedDocument<unknown>[] = [];
    for (const { id, revision, value } of loaded) {
      try {
        const content = projection.definition.derive(value);
        derived.push({ ...order(id, revision), fingerprint: fingerprint(projection.versionKey, content), content });
      } catch (error) {
        failed.set(id, error);
      }
    }
    return derived;
  });
  // What a repair replaces may have come from a later revision than the one its claim heard of: the order of a document never goes back.
  const tombstones = records
    .filter(({ id }) => !present.has(id))
    .map(({ id, revision }) => order(id, Math.max(revision, stored.get(id)?.revision ?? 0)));
  const outcomes = new Map<string, ApplyOutcome>();
  await steps.run('apply', async () => {
    const note = (ids: readonly { id: string }[], answers: readonly ApplyOutcome[]): void => {
      for (const [position, { id }] of ids.entries()) outcomes.set(id, answers[position] ?? 'fenced');
    };
    if (announce && documents.length > 0 && !target.announces) await announce(documents.map(({ id }) => id));
    if (documents.length > 0) note(documents, await target.apply(documents, announce && target.announces ? { announce } : {}));
    if (tombstones.length === 0) return;
    await announce?.(tombstones.map(({ id }) => id));
    note(tombstones, await target.remove(tombstones));
  });
  return outcomes;
}

async function storedOrders(
  projection: Projection,
  records: readonly RecordToProject[],
  steps: Steps,
): Promise<ReadonlyMap<string, ScanEntry>> {
  const forced = records.filter((record) => record.forced).map(({ id }) => id);
  if (forced.length === 0) return new Map();
  const entries = await steps.run('load', () => projection.definition.target.entries(forced));
  return new Map(entries.flatMap((entry) => (entry ? [[entry.id, entry] as const] : [])));
}

const replacing = (entry: StoredOrder | undefined): { replaces?: StoredOrder } =>
  entry ? { replaces: { revision: entry.revision, fence: entry.fence } } : {};

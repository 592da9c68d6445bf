import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createSourceRecords, type SourceRecords } from '../audit/source-records.js';
import type { Projection } from '../projection/define-projection.js';
import type { RecordType } from '../record.js';
import { liveVersion } from '../versions/live-version.js';
import type { JobNote } from './claim-job.js';
import type { Job } from './job.js';

/** What a job runs with. */
export interface JobContext {
  readonly store: RelationalStore;
  readonly job: Job;
  readonly projections: readonly Projection[];
  readonly records: readonly RecordType[];
  /** Aborts when the job is cancelled, lost to another process, or the process stops. */
  readonly signal: AbortSignal;
  /** Says how far it is; kept so that another process can go on from `result`. Cheap to call often. */
  note(note: JobNote): Promise<void>;
}

/** The names of the projections a job is for. */
export function projectionsOf({ job, projections }: JobContext): readonly string[] {
  if (job.projection !== undefined) return [job.projection];
  return [...new Set(projections.filter((one) => one.of === undefined).map((one) => one.name))];
}

/** A projection in the version that serves reads, and its source. @throws LoomError CONFLICT when this process has no code for that version */
export async function liveProjection(
  { store, projections, records }: JobContext,
  name: string,
): Promise<{ readonly projection: Projection; readonly source: SourceRecords }> {
  const live = await liveVersion(store, name);
  const projection = projections.find((one) => one.of === undefined && one.name === name && one.versionKey === live);
  if (!projection)
    throw new LoomError('CONFLICT', `Projection ${name} serves version ${live ?? '(none)'}, which this process has no code for.`);
  const record = records.find((one) => one.type === projection.source);
  if (!record) throw new Error(`Projection ${name} is fed by ${projection.source}, which is no record type of this subgraph.`);
  return { projection, source: createSourceRecords(store, record) };
}

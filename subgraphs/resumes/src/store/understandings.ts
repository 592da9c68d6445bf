import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueTask } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { ResumeVersion } from '../domain/resume.js';
import type { Understanding } from '../domain/understanding/understanding.js';
import { ResumeEntity, UnderstandingEntity } from './entities.js';
import { followNewest } from './passages.js';

export const UNDERSTAND = 'understand';

interface UnderstandingRow {
  readonly versionId: string;
  readonly resumeId: string;
  readonly userId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly extractor: number;
  readonly text: string | null;
  readonly jsonResume: string | null;
  readonly analysis: string | null;
  readonly updatedAt: Date;
}

/** In the transaction that makes the version, or asks for another look: it is looked at once that commits. */
export async function queueUnderstanding(
  store: RelationalStore,
  em: EntityManager,
  { id: versionId, resumeId, userId }: Pick<ResumeVersion, 'id' | 'resumeId' | 'userId'>,
  at: Date,
): Promise<void> {
  const queued = { state: 'queued', reason: null, extractor: 0, text: null, jsonResume: null, analysis: null, updatedAt: at };
  const kept = await em.findOne(UnderstandingEntity, { versionId });
  if (kept) {
    em.assign(kept, queued);
    // Until it is understood again, what was searched of it is not there to be shown.
    await followNewest(em, store, resumeId);
  } else em.create(UnderstandingEntity, { versionId, resumeId, userId, ...queued });
  await enqueueTask(store, em, { kind: UNDERSTAND, key: versionId });
}

/**
 * Writes what was found, and what of it is searched; answers whether there is still somebody's version to write it of. Those who delete a version
 * lock its resume, too: what is written here is never of one that is gone. Who asks for another look at this moment takes the same two locks in the
 * other order; the one that loses the deadlock is run again by the store.
 */
export async function saveUnderstanding(
  em: EntityManager,
  store: RelationalStore,
  versionId: string,
  {
    jsonResume,
    analysis,
    ...outcome
  }: Pick<Understanding, 'state' | 'reason' | 'text' | 'jsonResume' | 'analysis' | 'extractor' | 'updatedAt'>,
): Promise<boolean> {
  const known = await em.findOne(UnderstandingEntity, { versionId });
  if (!known) return false;
  await em.findOne(ResumeEntity, { id: known.resumeId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const kept = await em.findOne(UnderstandingEntity, { versionId }, { refresh: true });
  if (!kept) return false;
  em.assign(kept, { ...outcome, jsonResume: jsonResume && JSON.stringify(jsonResume), analysis: analysis && JSON.stringify(analysis) });
  await followNewest(em, store, kept.resumeId, versionId);
  return true;
}

/** Whether it was looked at, whatever came of that; one that is gone is not waited for. */
export async function isUnderstood(em: EntityManager, versionId: string): Promise<boolean> {
  return (await em.count(UnderstandingEntity, { versionId, state: 'queued' })) === 0;
}

export async function readUnderstandings(store: RelationalStore, versionIds: readonly string[]): Promise<readonly Understanding[]> {
  if (versionIds.length === 0) return [];
  const rows = await store.read().find(UnderstandingEntity, { versionId: { $in: [...versionIds] } });
  return (rows as readonly UnderstandingRow[]).map(
    ({ jsonResume, analysis, ...row }) =>
      ({
        ...row,
        jsonResume: jsonResume === null ? null : JSON.parse(jsonResume),
        analysis: analysis === null ? null : JSON.parse(analysis),
      }) as Understanding, // as `saveUnderstanding` wrote it
  );
}

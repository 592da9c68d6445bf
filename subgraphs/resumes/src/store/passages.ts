import { uuidSource } from '@loomgraph/core';
import { isOneOf, type RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { passagesOf } from '../domain/search/passages.js';
import type { Analysis } from '../domain/understanding/analyse.js';
import { PassageEntity, UnderstandingEntity } from './entities.js';

/**
 * Makes the passages of a resume those of the newest version that is understood: none where there is no such version. To be called in the transaction
 * that changes which one that is, or what is in it, with the resume locked. They get new ids: what was removed stays removed for whoever follows them.
 * @param changed a version whose understanding is another one now
 */
export async function followNewest(em: EntityManager, store: RelationalStore, resumeId: string, changed?: string): Promise<void> {
  await em.flush();
  const newest = (await newestUnderstood(em, store, [resumeId])).get(resumeId);
  const kept = await em.find(PassageEntity, { resumeId });
  if (newest !== undefined && newest !== changed && kept.some(({ versionId }) => versionId === newest)) return;
  for (const passage of kept) em.remove(passage);
  if (newest === undefined) return;
  const understanding = await em.findOne(UnderstandingEntity, { versionId: newest });
  if (understanding?.text == null || understanding.analysis == null) return;
  const analysis = JSON.parse(understanding.analysis) as Analysis; // as `saveUnderstanding` wrote it
  for (const { kind, start, end } of passagesOf(understanding.text, analysis))
    em.create(PassageEntity, { id: uuidSource.next(), resumeId, versionId: newest, kind, start, end, revision: 1 });
}

/** By resume, the id of its newest version that is understood; resumes without one are left out. */
export async function newestUnderstood(
  em: EntityManager,
  store: RelationalStore,
  resumeIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (resumeIds.length === 0) return new Map();
  const rows = await em.execute<{ resume: string; id: string }[]>(
    `select v.resume_id as resume, v.id from ${store.table('resume_version')} v join ${store.table('resume_understanding')} u on u.version_id = v.id
      where v.resume_id in (${resumeIds.map(() => '?').join(', ')}) and u.state = 'done' order by v.version_number`,
    [...resumeIds],
  );
  return new Map(rows.map(({ resume, id }) => [resume, id]));
}

/** In the transaction that removes the resumes. */
export async function removePassages(em: EntityManager, store: RelationalStore, resumeIds: readonly string[]): Promise<void> {
  if (resumeIds.length === 0) return;
  for (const passage of await em.find(PassageEntity, isOneOf('resumeId', resumeIds, store.dialect))) em.remove(passage);
}

import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueTask, wakeTasks } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { Assessment } from '../domain/suggestions/assessment.js';
import type { SuggestionWriter } from '../domain/suggestions/ports.js';
import type { Suggestion, SuggestionContent } from '../domain/suggestions/suggestion.js';
import { SuggestionEntity, SuggestionFeedbackEntity } from './entities.js';

export const SUGGEST = 'suggest';

/** The part of the writer that is about suggestions. */
export function suggestionWriter(em: EntityManager, store: RelationalStore): SuggestionWriter {
  return {
    countQueued: (userId) => em.count(SuggestionEntity, { userId, state: 'queued' }),
    async insertSuggestion(suggestion, jobText) {
      em.create(SuggestionEntity, { ...suggestion, jobText, result: null });
      await enqueueTask(store, em, { kind: SUGGEST, key: suggestion.id });
    },
    lockSuggestion: async (id) => {
      const kept = await em.findOne(SuggestionEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      return kept && ({ ...kept } as Suggestion); // as `insertSuggestion` and `saveAnswer` wrote it
    },
    async saveFeedback(feedback) {
      const { suggestionId, userId } = feedback;
      const kept = await em.findOne(SuggestionFeedbackEntity, { suggestionId, userId });
      const saved = { ...feedback, createdAt: kept?.createdAt ?? feedback.createdAt };
      if (kept) em.assign(kept, saved);
      else em.create(SuggestionFeedbackEntity, saved);
      return saved;
    },
  };
}

/** What waits for a version is answered once the running transaction, which says what is in it, commits. */
export async function wakeSuggestions(store: RelationalStore, em: EntityManager, versionId: string): Promise<void> {
  const waiting = await em.find(SuggestionEntity, { versionId, state: 'queued' }, { fields: ['id'] });
  await wakeTasks(store, em, { kind: SUGGEST, keys: waiting.map(({ id }) => id) });
}

export type Answer = Pick<Suggestion, 'state' | 'reason' | 'score' | 'analyser' | 'analyserVersion' | 'updatedAt'> & {
  readonly assessment: Assessment | null;
};

/** Writes an answer, once; says whether there was still a question. */
export async function saveAnswer(em: EntityManager, id: string, { assessment, ...answer }: Answer): Promise<boolean> {
  const kept = await em.findOne(SuggestionEntity, { id, state: 'queued' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!kept) return false;
  em.assign(kept, { ...answer, result: assessment && JSON.stringify(assessment) });
  return true;
}

export async function readContents(em: EntityManager, ids: readonly string[]): Promise<readonly SuggestionContent[]> {
  if (ids.length === 0) return [];
  const rows = await em.find(SuggestionEntity, { id: { $in: [...ids] } }, { fields: ['id', 'jobText', 'result'] });
  return rows.map(({ id, jobText, result }) => ({
    id,
    jobText,
    assessment: result == null ? null : (JSON.parse(result) as Assessment), // as `saveAnswer` wrote it
  }));
}

/** Removes those that have such a value, with what was said of them. */
export async function removeSuggestions(
  em: EntityManager,
  store: RelationalStore,
  column: 'version_id' | 'resume_id' | 'owner_id' | 'user_id',
  value: string,
): Promise<void> {
  const suggestions = store.table('resume_suggestion');
  // In the order in which feedback is written, so that neither waits for the other.
  await em.execute(`select id from ${suggestions} where ${column} = ? for update`, [value]);
  await em.execute(
    `delete from ${store.table('resume_suggestion_feedback')} where suggestion_id in (select id from ${suggestions} where ${column} = ?)`,
    [value],
    'run',
  );
  await em.execute(`delete from ${suggestions} where ${column} = ?`, [value], 'run');
}

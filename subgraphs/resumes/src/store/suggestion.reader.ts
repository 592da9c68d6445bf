import { listRows, resourceCondition, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { suggestionCursorTag } from '../domain/cursor-tags.js';
import type { SuggestionFilter, SuggestionReader } from '../domain/suggestions/ports.js';
import type { Suggestion } from '../domain/suggestions/suggestion.js';
import { SuggestionEntity, SuggestionFeedbackEntity } from './entities.js';
import { containing } from './resume-filter.js';
import { readContents } from './suggestions.js';

const newestFirst: readonly OrderKey[] = [
  { property: 'createdAt', date: true, direction: 'desc' },
  { property: 'id', direction: 'desc' },
];

interface AnalyserRow {
  readonly analyser: string;
  readonly analyser_version: string;
  readonly suggestions: number | string;
  readonly helpful: number | string;
  readonly unhelpful: number | string;
}

export function createSuggestionReader(store: RelationalStore): SuggestionReader {
  return {
    suggestionsByIds: async (ids) =>
      ids.length === 0 ? [] : ((await store.read().find(SuggestionEntity, { id: { $in: [...ids] } })) as unknown as readonly Suggestion[]),
    contentsOf: (ids) => readContents(store.read(), ids),
    listSuggestions: (filter, page) =>
      listRows<Suggestion>(store, SuggestionEntity, {
        where: suggestionCondition(filter, store),
        keys: newestFirst,
        tag: suggestionCursorTag,
        page,
      }),
    feedbackOf: async (ids, userId) =>
      ids.length === 0 ? [] : await store.read().find(SuggestionFeedbackEntity, { userId, suggestionId: { $in: [...ids] } }),
    async feedbackByAnalyser() {
      const count = (isHelpful: string): string => `sum(case when f.is_helpful = ${isHelpful} then 1 else 0 end)`;
      const rows = await store.read().execute<AnalyserRow[]>(
        `select s.analyser, s.analyser_version, count(distinct s.id) as suggestions, ${count('true')} as helpful, ${count('false')} as unhelpful
          from ${store.table('resume_suggestion')} s left join ${store.table('resume_suggestion_feedback')} f on f.suggestion_id = s.id
          where s.state = 'done' group by s.analyser, s.analyser_version order by s.analyser, s.analyser_version`,
      );
      return rows.map(({ analyser, analyser_version: analyserVersion, suggestions, helpful, unhelpful }) => ({
        analyser,
        analyserVersion,
        suggestions: Number(suggestions),
        helpful: Number(helpful),
        unhelpful: Number(unhelpful),
      }));
    },
  };
}

function suggestionCondition(filter: SuggestionFilter, store: RelationalStore): object {
  const { visible, jobTitleContains, minScore, createdAfter, createdBefore, ...exact } = filter;
  const conditions: object[] = Object.entries(exact).map(([property, value]) => ({ [property]: value }));
  if (jobTitleContains) conditions.push(containing('job_title', jobTitleContains));
  if (minScore !== undefined) conditions.push({ score: { $gte: minScore } });
  if (createdAfter) conditions.push({ createdAt: { $gte: createdAfter } });
  if (createdBefore) conditions.push({ createdAt: { $lt: createdBefore } });
  const seen = resourceCondition(visible, { id: 'id', ownerId: 'userId' }, store.dialect);
  if (seen) conditions.push(seen);
  return conditions.length === 0 ? {} : { $and: conditions };
}

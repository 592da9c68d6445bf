import { isOneOf, type RelationalStore } from '@loomgraph/stores/relational';
import type { KeptPassage, SearchReader } from '../domain/search/ports.js';
import { PassageEntity, ResumeEntity, UnderstandingEntity } from './entities.js';
import { newestUnderstood } from './passages.js';
import { visibleCondition } from './resume-filter.js';

export function createSearchReader(store: RelationalStore): SearchReader {
  return {
    async visibleResumeIds(visible) {
      const where = visibleCondition(visible, store);
      if (!where) return undefined;
      return (await store.read().find(ResumeEntity, where, { fields: ['id'] })).map(({ id }) => id);
    },
    passagesByIds: async (ids) =>
      ids.length === 0 ? [] : ((await store.read().find(PassageEntity, isOneOf('id', ids, store.dialect))) as readonly KeptPassage[]),
    understoodVersionsOf: (resumeIds) => newestUnderstood(store.read(), store, resumeIds),
    async textsOf(versionIds) {
      if (versionIds.length === 0) return new Map();
      const where = { versionId: { $in: [...versionIds] }, state: 'done' };
      const rows = await store.read().find(UnderstandingEntity, where, { fields: ['versionId', 'text'] });
      return new Map(rows.flatMap(({ versionId, text }) => (text == null ? [] : [[versionId, text] as const])));
    },
  };
}

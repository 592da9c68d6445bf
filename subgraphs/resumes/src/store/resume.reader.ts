import { listRows, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { resumeCursorTag, versionCursorTag } from '../domain/cursor-tags.js';
import type { ResumeOrder, ResumeReader } from '../domain/ports.js';
import type { Resume, ResumeVersion, ShareLink } from '../domain/resume.js';
import { createBackupReader } from './backup.reader.js';
import { ResumeEntity, ResumeGroupEntity, ResumeUploadEntity, ResumeVersionEntity, ShareLinkEntity } from './entities.js';
import { containing, resumeCondition } from './resume-filter.js';
import { createSearchReader } from './search.reader.js';
import { createSuggestionReader } from './suggestion.reader.js';
import { readUnderstandings } from './understandings.js';

const sortKey: Record<ResumeOrder['field'], Omit<OrderKey, 'direction'>> = {
  title: { property: 'title' },
  createdAt: { property: 'createdAt', date: true },
  updatedAt: { property: 'updatedAt', date: true },
};

/** Entities satisfy the interfaces of the domain structurally. */
export function createResumeReader(store: RelationalStore): ResumeReader {
  return {
    ...createSuggestionReader(store),
    ...createSearchReader(store),
    ...createBackupReader(store),
    resumesByIds: async (ids) =>
      ids.length === 0 ? [] : ((await store.read().find(ResumeEntity, { id: { $in: [...ids] } })) as readonly Resume[]),
    listResumes(filter, order, page) {
      const { field, direction } = order;
      const keys: OrderKey[] = [
        { ...sortKey[field], direction },
        { property: 'id', direction },
      ];
      return listRows<Resume>(store, ResumeEntity, { where: resumeCondition(filter, store), keys, tag: resumeCursorTag(order), page });
    },
    versionsByIds: async (ids) => (ids.length === 0 ? [] : await store.read().find(ResumeVersionEntity, { id: { $in: [...ids] } })),
    listVersions(resumeId, { contentType, fileNameContains }, page) {
      const where = {
        $and: [
          { resumeId },
          ...(contentType === undefined ? [] : [{ contentType }]),
          ...(fileNameContains ? [containing('file_name', fileNameContains)] : []),
        ],
      };
      const keys: OrderKey[] = [{ property: 'number', direction: 'desc' }];
      return listRows<ResumeVersion>(store, ResumeVersionEntity, { where, keys, tag: versionCursorTag, page });
    },
    async countVersions(resumeIds) {
      if (resumeIds.length === 0) return new Map();
      const rows = await store
        .read()
        .execute<{ id: string; found: number | string }[]>(
          `select resume_id as id, count(*) as found from ${store.table('resume_version')} where resume_id in (${resumeIds.map(() => '?').join(', ')}) group by resume_id`,
          [...resumeIds],
        );
      return new Map(rows.map(({ id, found }) => [id, Number(found)]));
    },
    understandingsOf: (versionIds) => readUnderstandings(store, versionIds),
    upload: async (id) => await store.read().findOne(ResumeUploadEntity, { id }),
    async groupsOf(resumeIds) {
      if (resumeIds.length === 0) return new Map();
      const rows = await store.read().find(ResumeGroupEntity, { resumeId: { $in: [...resumeIds] } }, { orderBy: { groupId: 'asc' } });
      const byResume = Map.groupBy(rows, ({ resumeId }) => resumeId);
      return new Map([...byResume].map(([id, groups]) => [id, groups.map(({ groupId }) => groupId)]));
    },
    shareLinksOf: async (resumeIds) =>
      (await store
        .read()
        .find(
          ShareLinkEntity,
          { resumeId: { $in: [...resumeIds] } },
          { orderBy: { createdAt: 'desc', id: 'desc' } },
        )) as readonly ShareLink[],
    shareLink: async (id) => (await store.read().findOne(ShareLinkEntity, { id })) as ShareLink | null,
    shareLinkByHash: async (tokenHash) => (await store.read().findOne(ShareLinkEntity, { tokenHash })) as ShareLink | null,
  };
}

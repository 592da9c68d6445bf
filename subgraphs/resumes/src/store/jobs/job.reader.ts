import { isOneOf, listRows, resourceCondition, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { jobCursorTag } from '../../domain/cursor-tags.js';
import type { JobListFilter, JobOrder, JobReader } from '../../domain/jobs/ports.js';
import { containing } from '../resume-filter.js';
import { JobEntity } from './job.entity.js';
import { toJob, toReading, type JobRow } from './job.rows.js';

const sortKey: Record<JobOrder['field'], Omit<OrderKey, 'direction'>> = {
  title: { property: 'title' },
  createdAt: { property: 'createdAt', date: true },
  updatedAt: { property: 'updatedAt', date: true },
};

export function createJobReader(store: RelationalStore): JobReader {
  return {
    async jobsByIds(ids) {
      if (ids.length === 0) return [];
      const rows = await store.read().find(JobEntity, isOneOf('id', ids, store.dialect));
      return (rows as unknown as readonly JobRow[]).map(toJob);
    },
    async jobContentsOf(ids) {
      if (ids.length === 0) return [];
      const rows = await store.read().find(JobEntity, { id: { $in: [...ids] } }, { fields: ['id', 'text', 'reading'] });
      return rows.map(({ id, text, reading }) => ({ id, text, reading: toReading(reading) }));
    },
    async readingsOf(ids) {
      if (ids.length === 0) return new Map();
      const rows = await store.read().find(JobEntity, isOneOf('id', ids, store.dialect), { fields: ['id', 'reading'] });
      return new Map(rows.map(({ id, reading }) => [id, toReading(reading)]));
    },
    async listJobs(filter, order, page) {
      const { field, direction } = order;
      const keys: OrderKey[] = [
        { ...sortKey[field], direction },
        { property: 'id', direction },
      ];
      const found = await listRows<JobRow>(store, JobEntity, { where: jobCondition(filter, store), keys, tag: jobCursorTag(order), page });
      return { ...found, items: found.items.map(toJob) };
    },
  };
}

function jobCondition(filter: JobListFilter, store: RelationalStore): object {
  const { visible, ids, titleContains, city, updatedAfter, ...exact } = filter;
  const conditions: object[] = Object.entries(exact).map(([property, value]) => ({ [property]: value }));
  if (ids) conditions.push({ id: { $in: [...ids] } });
  if (titleContains) conditions.push(containing('title', titleContains));
  if (city) conditions.push(containing('city', city));
  if (updatedAfter) conditions.push({ updatedAt: { $gte: updatedAfter } });
  const seen = resourceCondition(visible.filter, { id: 'id', ownerId: 'postedBy', companyId: 'companyId' }, store.dialect);
  const open = { status: 'published', $or: [{ expiresAt: null }, { expiresAt: { $gt: visible.now } }] };
  if (seen) conditions.push({ $or: [open, seen] });
  return conditions.length === 0 ? {} : { $and: conditions };
}

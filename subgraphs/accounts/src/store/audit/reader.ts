import { encodeCursor, type LazyPage } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { AUDIT_CURSOR } from '../../domain/cursor-tags.js';
import type { AuditFilter, AuditReader, AuditRecord } from '../../domain/audit.js';
import { AUDIT_COLUMNS, toRecord, type AuditRow } from './audit-row.js';

/** Pages of the audit log, newest first. One statement a page; the total is counted when it is asked for. */
export function createAuditReader(store: RelationalStore): AuditReader {
  const table = store.table('audit_record');
  return {
    async list(filter, page): Promise<LazyPage<AuditRecord>> {
      const { conditions, parameters } = where(filter);
      const isForward = page.direction === 'forward';
      const from = page.from?.[0];
      const seek = typeof from === 'number' ? [`seq ${isForward ? '<' : '>'} ?`] : [];
      const rows = await store.read().execute<AuditRow[]>(
        `select ${AUDIT_COLUMNS.join(', ')} from ${table} where ${[...conditions, ...seek].join(' and ')}
         order by seq ${isForward ? 'desc' : 'asc'} limit ${page.limit + 1}`,
        [...parameters, ...(seek.length > 0 ? [from] : [])],
      );
      const taken = rows.slice(0, page.limit);
      const items = (isForward ? taken : taken.toReversed()).map(toRecord);
      const hasMore = rows.length > page.limit;
      return {
        items,
        cursors: items.map(({ sequence }) => encodeCursor(AUDIT_CURSOR, [sequence])),
        hasNextPage: isForward ? hasMore : page.from !== null,
        hasPreviousPage: isForward ? page.from !== null : hasMore,
        totalCount: async () => {
          const [row] = await store
            .read()
            .execute<{ count: number | string }[]>(`select count(*) as count from ${table} where ${conditions.join(' and ')}`, parameters);
          return Number(row?.count ?? 0);
        },
      };
    },
  };
}

function where(filter: AuditFilter): { readonly conditions: readonly string[]; readonly parameters: readonly unknown[] } {
  const given: readonly (readonly [string, unknown])[] = [
    ['actor_user = ?', filter.actorId],
    ['action = ?', filter.action],
    ['outcome = ?', filter.outcome],
    ['resource_type = ?', filter.resourceType],
    ['resource_id = ?', filter.resourceId],
    ['occurred_at >= ?', filter.since?.getTime()],
    ['occurred_at < ?', filter.until?.getTime()],
  ];
  const used = given.filter(([, value]) => value !== undefined);
  return { conditions: ['seq > 0', ...used.map(([condition]) => condition)], parameters: used.map(([, value]) => value) };
}

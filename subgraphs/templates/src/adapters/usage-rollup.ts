import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineConsumer, type Consumer } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import { TemplateEntity } from '../store/entities.js';

const DAY_MS = 86_400_000;

/**
 * Adds the event `templates.used` up per template and day, for hot lists; the uses of a template that is gone by now are dropped. It can start
 * over with any day.
 */
export function usageRollup(store: RelationalStore): Consumer {
  const addOne =
    store.dialect === 'postgresql'
      ? 'on conflict (template_id, day) do update set usage_count = template_usage_daily.usage_count + 1'
      : 'on duplicate key update usage_count = usage_count + 1';
  return defineConsumer({
    name: 'templates-usage-rollup',
    topic: 'templates-events',
    events: {
      'templates.used': async ({ payload: { templateId, usedAt } }, { em }) => {
        // Locked: a deletion that runs at the same time must find this row or keep us from writing it.
        if (!(await em.findOne(TemplateEntity, { id: templateId }, { lockMode: LockMode.PESSIMISTIC_WRITE }))) return;
        await em.execute(
          `insert into ${store.table('template_usage_daily')} (template_id, day, usage_count) values (?, ?, 1) ${addOne}`,
          [templateId, dayOf(Date.parse(usedAt))],
          'run',
        );
      },
    },
    replay: {
      everyMs: DAY_MS,
      timeOf: (event) => Date.parse(event.type === 'templates.used' ? event.payload.usedAt : event.occurredAt),
      reset: async (em, sinceMs) => {
        await em.execute(`delete from ${store.table('template_usage_daily')} where day >= ?`, [dayOf(sinceMs)], 'run');
      },
    },
  });
}

/** The day in UTC, as `2026-01-31`. */
function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

import { decodeEvent } from '@loomgraph/events';
import type { Bus, Subscription } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { applyOnce } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import { TemplateEntity } from '../store/entities.js';

const CONSUMER = 'templates-usage-rollup';

/**
 * Adds the event `templates.used` up per template and day, for hot lists. Applied once per event, in one transaction with the inbox; the uses of
 * a template that is gone by now are dropped.
 */
export function subscribeUsageRollup(bus: Bus, store: RelationalStore): Promise<Subscription> {
  return bus.subscribe({
    topic: 'templates-events',
    group: CONSUMER,
    from: 'earliest',
    handler: async (message) => {
      const event = decodeEvent(message);
      if (event.type !== 'templates.used') return;
      const { templateId, usedAt } = event.payload;
      const addOne =
        store.dialect === 'postgresql'
          ? 'on conflict (template_id, day) do update set usage_count = template_usage_daily.usage_count + 1'
          : 'on duplicate key update usage_count = usage_count + 1';
      await applyOnce(store, CONSUMER, event.eventId, async (em) => {
        // Locked: a deletion that runs at the same time must find this row or keep us from writing it.
        if (!(await em.findOne(TemplateEntity, { id: templateId }, { lockMode: LockMode.PESSIMISTIC_WRITE }))) return;
        await em.execute(
          `insert into ${store.table('template_usage_daily')} (template_id, day, usage_count) values (?, ?, 1) ${addOne}`,
          [templateId, usedAt.slice(0, 10)],
          'run',
        );
      });
    },
  });
}

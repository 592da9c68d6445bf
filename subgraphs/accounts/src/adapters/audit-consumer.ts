import { systemClock, type Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineConsumer, type Consumer } from '@loomgraph/sync';
import { createAuditAppender } from '../store/audit/append.js';

/** Takes what other processes have for the audit log; an event is appended once, whole. */
export function auditConsumer({ store, clock = systemClock }: { store: RelationalStore; clock?: Clock }): Consumer {
  return defineConsumer({
    name: 'accounts-audit',
    topic: 'audit-events',
    events: {
      'audit.recorded': async ({ payload }, { em }) => {
        const facts = payload.entries.map(({ actor, resource, occurredAt, reason, requestId, details, ...entry }) => ({
          ...entry,
          actor: withoutUndefined(actor),
          resource: { type: resource.type, ...withoutUndefined({ id: resource.id }) },
          occurredAt: new Date(occurredAt),
          ...withoutUndefined({ reason, requestId, details }),
        }));
        await createAuditAppender(em, { store, clock }).append(...facts);
      },
    },
  });
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>; // the same, less what is undefined
}

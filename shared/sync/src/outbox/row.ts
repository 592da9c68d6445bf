import { defineEntity, p } from '@mikro-orm/core';

/** A committed change of a record (`kind` c) or a domain event (`kind` e), written in the transaction that made it true. */
export const OutboxRow = defineEntity({
  name: 'OutboxRow',
  tableName: 'outbox',
  properties: {
    id: p.bigint().primary().autoincrement(),
    kind: p.string().length(1),
    recordType: p.string().length(64),
    recordId: p.string().length(191),
    revision: p.bigint('number'),
    deleted: p.boolean(),
    event: p.text().nullable(),
    traceparent: p.string().length(64).nullable(),
    occurredAt: p.bigint('number'),
  },
});

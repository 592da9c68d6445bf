import type { Migration } from '@loomgraph/stores/relational';
import { GENESIS } from './audit-row.js';

/**
 * The audit log: records are inserted and never changed, each with the hash of the one before it. `audit_head` is what writers queue at:
 * the last record, and how many anchors of it were put into the second store.
 */
const tables = (t: (table: string) => string, text: string): string[] => [
  `create table ${t('audit_record')} (
    seq bigint primary key, recorded_at bigint not null, occurred_at bigint not null,
    actor_user varchar(64) null, actor_session varchar(64) null, actor_api_key varchar(64) null, address varchar(64) null,
    action varchar(64) not null, resource_type varchar(64) not null, resource_id varchar(191) null,
    outcome varchar(8) not null, reason varchar(64) null, request_id varchar(128) null, details ${text} null,
    previous char(64) not null, hash char(64) not null
  )`,
  `create index audit_record_actor on ${t('audit_record')} (actor_user, seq)`,
  `create index audit_record_action on ${t('audit_record')} (action, seq)`,
  `create index audit_record_resource on ${t('audit_record')} (resource_type, resource_id, seq)`,
  `create index audit_record_outcome on ${t('audit_record')} (outcome, seq)`,
  `create index audit_record_time on ${t('audit_record')} (occurred_at, seq)`,
  `create table ${t('audit_head')} (id smallint primary key, seq bigint not null, hash char(64) not null, anchors bigint not null, anchored_seq bigint not null)`,
  `insert into ${t('audit_head')} (id, seq, hash, anchors, anchored_seq) values (1, 0, '${GENESIS}', 0, 0)`,
];

export const auditMigration: Migration = {
  name: '0020-audit',
  postgresql: (t) => tables(t, 'text'),
  mysql: (t) => tables(t, 'mediumtext'),
};

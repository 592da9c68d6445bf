import type { Migration } from '@loomgraph/stores/relational';

/** Second factors, API keys and exports. Times are milliseconds since the epoch. */
const tables = (t: (table: string) => string, text: string): string[] => [
  `create table ${t('second_factor')} (
    user_id varchar(64) primary key, secret_sealed varchar(512) not null, created_at bigint not null, confirmed_at bigint null, last_step bigint not null
  )`,
  `create table ${t('recovery_code')} (user_id varchar(64) not null, hash char(64) not null, created_at bigint not null, used_at bigint null, primary key (user_id, hash))`,
  `create table ${t('api_key')} (
    id varchar(32) primary key, user_id varchar(64) not null, name varchar(100) not null, hash char(64) not null, scopes ${text} not null,
    created_at bigint not null, expires_at bigint not null, last_used_at bigint null, revoked_at bigint null
  )`,
  `create index api_key_user on ${t('api_key')} (user_id, id)`,
  `create table ${t('user_export')} (
    id varchar(36) primary key, user_id varchar(64) not null, requested_by varchar(64) not null, state varchar(10) not null,
    requested_at bigint not null, finished_at bigint null, expires_at bigint not null, object_key varchar(191) null, size_bytes bigint null,
    error_code varchar(64) null, lease_owner varchar(64) null, lease_until bigint not null
  )`,
  `create index user_export_state on ${t('user_export')} (state, lease_until)`,
  `create index user_export_user on ${t('user_export')} (user_id, id)`,
];

export const securityMigration: Migration = {
  name: '0021-security',
  postgresql: (t) => tables(t, 'text'),
  mysql: (t) => tables(t, 'text'),
};

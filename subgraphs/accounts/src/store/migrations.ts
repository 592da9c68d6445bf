import type { Migration } from '@loomgraph/stores/relational';

/** Column types that differ between the dialects. */
const types = {
  postgresql: { time: 'timestamptz(3)', json: 'jsonb', text: 'text' },
  mysql: { time: 'datetime(3)', json: 'json', text: 'mediumtext' },
} as const;

const tables = (t: (table: string) => string, type: (typeof types)[keyof typeof types]): string[] => [
  `create table ${t('user_account')} (
    id varchar(36) primary key, email varchar(254) not null, email_verified_at ${type.time} null, password_hash varchar(255) not null,
    password_changed_at ${type.time} not null, display_name varchar(100) not null, locale varchar(10) not null, status varchar(16) not null,
    created_at ${type.time} not null, updated_at ${type.time} not null, last_login_at ${type.time} null, revision int not null default 1,
    constraint user_account_email unique (email)
  )`,
  ...['created_at', 'display_name'].map((column) => `create index user_account_by_${column} on ${t('user_account')} (${column}, id)`),
  `create table ${t('user_role')} (
    user_id varchar(64) not null, role varchar(64) not null, company_id varchar(64) not null default '',
    assigned_by varchar(64) not null default '', assigned_at ${type.time} not null default current_timestamp(3), primary key (user_id, role, company_id)
  )`,
  `create index user_role_by_role on ${t('user_role')} (role, company_id, user_id)`,
  `create index user_role_company on ${t('user_role')} (company_id, assigned_at, user_id, role)`,
  `create index user_role_latest on ${t('user_role')} (assigned_at, user_id, role, company_id)`,
  `create table ${t('user_session')} (
    id varchar(36) primary key, user_id varchar(36) not null, client_id varchar(100) null, auth_methods ${type.json} not null,
    created_at ${type.time} not null, last_used_at ${type.time} not null, expires_at ${type.time} not null, ended_at ${type.time} null,
    end_reason varchar(32) null
  )`,
  `create index user_session_open on ${t('user_session')} (user_id, ended_at, last_used_at)`,
  `create index user_session_expiry on ${t('user_session')} (expires_at)`,
  `create table ${t('refresh_token')} (
    hash varchar(43) primary key, session_id varchar(36) not null, issued_at ${type.time} not null, expires_at ${type.time} not null,
    used_at ${type.time} null, successor_hash varchar(43) null, successor_sealed varchar(255) null
  )`,
  `create index refresh_token_session on ${t('refresh_token')} (session_id)`,
  `create index refresh_token_expiry on ${t('refresh_token')} (expires_at)`,
  `create table ${t('one_time_token')} (
    hash varchar(43) primary key, user_id varchar(36) not null, kind varchar(32) not null, created_at ${type.time} not null,
    expires_at ${type.time} not null, used_at ${type.time} null, failures int not null, password_hash varchar(255) null, client_id varchar(100) null
  )`,
  `create index one_time_token_user on ${t('one_time_token')} (user_id, kind)`,
  `create index one_time_token_expiry on ${t('one_time_token')} (expires_at)`,
  `create table ${t('signing_key')} (
    kid varchar(43) primary key, algorithm varchar(16) not null, public_jwk ${type.json} not null, private_sealed ${type.text} not null,
    created_at ${type.time} not null, retired_at ${type.time} null, expires_at ${type.time} null
  )`,
  `create table ${t('key_ring')} (id int primary key, kid varchar(43) null)`,
  `insert into ${t('key_ring')} (id, kid) values (1, null)`,
  `create table ${t('revocation')} (
    kind varchar(16) not null, id varchar(64) not null, revoked_at ${type.time} not null, revoked_until ${type.time} not null, primary key (kind, id)
  )`,
  `create index revocation_until on ${t('revocation')} (revoked_until)`,
];

/** The modules' own begin at 0010 (permissions) and 0020 (security). */
export const accountsMigration: Migration = {
  name: '0001-accounts',
  postgresql: (t) => tables(t, types.postgresql),
  mysql: (t) => tables(t, types.mysql),
};

import type { Migration } from '@loomgraph/stores/relational';

/** Column types that differ between the dialects. */
const types = {
  postgresql: { time: 'timestamptz(3)', text: 'text', bool: 'boolean' },
  mysql: { time: 'datetime(3)', text: 'mediumtext', bool: 'tinyint(1)' },
} as const;

/**
 * The policy: who may do what, beside the roles of users, which are in `user_role`. An empty `company_id` stands for everywhere, since a key has no null. `policy_version` rises with each change, which
 * `policy_change` keeps for the authorizers that follow.
 */
const tables = (t: (table: string) => string, type: (typeof types)[keyof typeof types]): string[] => [
  `create table ${t('role')} (
    name varchar(64) primary key, scope varchar(8) not null, title varchar(200) not null, description ${type.text} not null,
    is_built_in ${type.bool} not null, revision int not null default 1
  )`,
  `create table ${t('role_permission')} (
    role_name varchar(64) not null, resource_type varchar(64) not null, action varchar(64) not null, reach varchar(8) not null,
    primary key (role_name, resource_type, action, reach)
  )`,
  `create table ${t('user_group')} (
    id varchar(36) primary key, name varchar(200) not null, description ${type.text} not null, company_id varchar(64) not null,
    created_at ${type.time} not null, revision int not null default 1, constraint user_group_name unique (company_id, name)
  )`,
  `create index user_group_by_name on ${t('user_group')} (name, id)`,
  `create table ${t('group_member')} (
    group_id varchar(36) not null, user_id varchar(64) not null, added_by varchar(64) not null, added_at ${type.time} not null,
    primary key (group_id, user_id)
  )`,
  `create index group_member_user on ${t('group_member')} (user_id)`,
  `create table ${t('resource_grant')} (
    id varchar(36) primary key, grantee_kind varchar(5) not null, grantee_id varchar(64) not null, resource_type varchar(64) not null,
    resource_id varchar(191) not null, action varchar(64) not null, granted_by varchar(64) not null, granted_at ${type.time} not null,
    constraint resource_grant_once unique (grantee_kind, grantee_id, resource_type, action, resource_id)
  )`,
  `create index resource_grant_resource on ${t('resource_grant')} (resource_type, resource_id)`,
  `create index resource_grant_latest on ${t('resource_grant')} (granted_at, id)`,
  `create table ${t('policy_version')} (id int primary key, version bigint not null)`,
  `insert into ${t('policy_version')} (id, version) values (1, 0)`,
  `create table ${t('policy_change')} (
    version bigint not null, position int not null, kind varchar(5) not null, subject_id varchar(64) not null, primary key (version, position)
  )`,
];

export const permissionsMigration: Migration = {
  name: '0010-permissions',
  postgresql: (t) => tables(t, types.postgresql),
  mysql: (t) => tables(t, types.mysql),
};

import type { Migration } from '@loomgraph/stores/relational';

/** Column types that differ between the dialects. */
const types = {
  postgresql: { time: 'timestamptz(3)', json: 'jsonb', text: 'text', bool: 'boolean' },
  mysql: { time: 'datetime(3)', json: 'json', text: 'mediumtext', bool: 'tinyint(1)' },
} as const;

const tables = (t: (table: string) => string, type: (typeof types)[keyof typeof types]): string[] => [
  `create table ${t('category')} (
    id varchar(36) primary key, slug varchar(191) not null, name varchar(200) not null, description ${type.text} not null, revision int not null default 1,
    constraint category_slug unique (slug)
  )`,
  `create table ${t('template')} (
    id varchar(36) primary key, slug varchar(191) null, name varchar(200) not null, category_id varchar(36) not null,
    description ${type.text} not null, content ${type.text} not null, variables ${type.json} not null, preview varchar(1000) null,
    usage_count int not null, rating_sum int not null, rating_count int not null, rating_rank int not null, is_active ${type.bool} not null,
    tags ${type.json} not null, industry varchar(100) null, experience_level varchar(100) null, language varchar(35) not null,
    version_label varchar(50) not null, difficulty int not null, estimated_time_minutes int not null, created_by varchar(64) not null,
    created_at ${type.time} not null, updated_at ${type.time} not null, revision int not null default 1,
    constraint template_slug unique (slug)
  )`,
  `create index template_category on ${t('template')} (category_id, usage_count)`,
  ...['name', 'usage_count', 'rating_rank', 'created_at', 'updated_at', 'difficulty', 'estimated_time_minutes'].map(
    (column) => `create index template_by_${column} on ${t('template')} (${column}, id)`,
  ),
  `create table ${t('template_rating')} (
    template_id varchar(36) not null, user_id varchar(64) not null, hundredths int not null, review ${type.text} null,
    created_at ${type.time} not null, updated_at ${type.time} not null, primary key (template_id, user_id)
  )`,
  `create index template_rating_latest on ${t('template_rating')} (template_id, updated_at)`,
  `create table ${t('template_usage')} (
    template_id varchar(36) not null, user_id varchar(64) not null, usage_count int not null, last_used_at ${type.time} not null,
    primary key (template_id, user_id)
  )`,
  `create index template_usage_user on ${t('template_usage')} (user_id)`,
  `create table ${t('template_user')} (id varchar(64) primary key, last_used_at ${type.time} not null, revision int not null default 1)`,
  `create table ${t('template_usage_daily')} (template_id varchar(36) not null, day varchar(10) not null, usage_count int not null, primary key (template_id, day))`,
  `create index template_usage_daily_day on ${t('template_usage_daily')} (day, template_id)`,
];

export const templatesMigration: Migration = {
  name: '0001-templates',
  postgresql: (t) => tables(t, types.postgresql),
  mysql: (t) => tables(t, types.mysql),
};

/** Which templates each is similar to, kept until a change may make it another list; the second table also answers whose list one is in. */
const similarTables = (t: (table: string) => string): string[] => [
  `create table ${t('template_similar')} (template_id varchar(36) primary key, version varchar(191) null, generation int not null)`,
  `create table ${t('template_neighbour')} (
    template_id varchar(36) not null, neighbour_id varchar(36) not null, score double precision not null, primary key (template_id, neighbour_id)
  )`,
  `create index template_neighbour_of on ${t('template_neighbour')} (neighbour_id)`,
];

export const similarTemplatesMigration: Migration = { name: '0002-similar-templates', postgresql: similarTables, mysql: similarTables };

import type { Migration } from '@loomgraph/stores/relational';

const tables = (t: (table: string) => string, time: string): string[] => {
  const file = `id varchar(36) primary key, resume_id varchar(36) not null, user_id varchar(64) not null, file_name varchar(255) not null,
    content_type varchar(100) not null, size_bytes int not null, comment varchar(1000) not null, created_by varchar(64) not null, created_at ${time} not null`;
  return [
    `create table ${t('resume')} (
      id varchar(36) primary key, user_id varchar(64) not null, title varchar(200) not null, language varchar(35) not null,
      last_number int not null, latest_version_id varchar(36) null, created_at ${time} not null, updated_at ${time} not null,
      revision int not null default 1
    )`,
    `create index resume_user on ${t('resume')} (user_id, updated_at)`,
    ...['title', 'created_at', 'updated_at'].map((column) => `create index resume_by_${column} on ${t('resume')} (${column}, id)`),
    `create table ${t('resume_version')} (
      ${file}, version_number int not null, sha256 char(64) not null, object_key varchar(1024) not null,
      constraint resume_version_number unique (resume_id, version_number)
    )`,
    `create index resume_version_user on ${t('resume_version')} (user_id)`,
    `create table ${t('resume_upload')} (${file}, expires_at ${time} not null)`,
    `create index resume_upload_resume on ${t('resume_upload')} (resume_id)`,
    `create index resume_upload_expiry on ${t('resume_upload')} (expires_at)`,
    `create index resume_upload_user on ${t('resume_upload')} (user_id)`,
    `create table ${t('resume_share_link')} (
      id varchar(36) primary key, resume_id varchar(36) not null, version_id varchar(36) null, token_hash char(64) not null,
      created_by varchar(64) not null, created_at ${time} not null, expires_at ${time} not null, revoked_at ${time} null,
      use_count int not null, constraint resume_share_link_token unique (token_hash)
    )`,
    `create index resume_share_link_resume on ${t('resume_share_link')} (resume_id, created_at)`,
    `create table ${t('resume_group')} (
      resume_id varchar(36) not null, group_id varchar(64) not null, added_by varchar(64) not null, added_at ${time} not null,
      primary key (resume_id, group_id)
    )`,
    `create index resume_group_group on ${t('resume_group')} (group_id)`,
    `create table ${t('erased_user')} (id_hash char(64) primary key, erased_at bigint not null)`,
  ];
};

/** JSON is kept as text: it has to come back as it was written, `\u0000` and the order of keys included, which the databases' JSON types do not do. */
const understanding = (t: (table: string) => string, type: { readonly time: string; readonly text: string }): string[] => [
  `create table ${t('resume_understanding')} (
    version_id varchar(36) primary key, resume_id varchar(36) not null, user_id varchar(64) not null, state varchar(16) not null,
    reason varchar(16) null, extractor int not null, text ${type.text} null, json_resume ${type.text} null, analysis ${type.text} null,
    updated_at ${type.time} not null
  )`,
  `create index resume_understanding_resume on ${t('resume_understanding')} (resume_id)`,
  `create index resume_understanding_user on ${t('resume_understanding')} (user_id)`,
];

export const understandingMigration: Migration = {
  name: '0002-understanding',
  postgresql: (t) => understanding(t, { time: 'timestamptz(3)', text: 'text' }),
  mysql: (t) => understanding(t, { time: 'datetime(3)', text: 'mediumtext' }),
};

const suggestions = (
  t: (table: string) => string,
  type: { readonly time: string; readonly text: string; readonly bool: string },
): string[] => [
  `create table ${t('resume_suggestion')} (
    id varchar(36) primary key, user_id varchar(64) not null, owner_id varchar(64) not null, resume_id varchar(36) not null,
    version_id varchar(36) not null, job_title varchar(200) not null, locale varchar(35) not null, state varchar(16) not null,
    reason varchar(16) null, score int null, analyser varchar(64) null, analyser_version varchar(64) null,
    created_at ${type.time} not null, updated_at ${type.time} not null, job_text ${type.text} not null, result ${type.text} null
  )`,
  `create index resume_suggestion_user on ${t('resume_suggestion')} (user_id, created_at, id)`,
  `create index resume_suggestion_by_created_at on ${t('resume_suggestion')} (created_at, id)`,
  ...['owner_id', 'resume_id', 'version_id'].map(
    (column) => `create index resume_suggestion_${column} on ${t('resume_suggestion')} (${column})`,
  ),
  `create table ${t('resume_suggestion_feedback')} (
    suggestion_id varchar(36) not null, user_id varchar(64) not null, is_helpful ${type.bool} not null, comment varchar(1000) not null,
    created_at ${type.time} not null, updated_at ${type.time} not null, primary key (suggestion_id, user_id)
  )`,
  `create index resume_suggestion_feedback_user on ${t('resume_suggestion_feedback')} (user_id)`,
];

export const suggestionsMigration: Migration = {
  name: '0003-suggestions',
  postgresql: (t) => suggestions(t, { time: 'timestamptz(3)', text: 'text', bool: 'boolean' }),
  mysql: (t) => suggestions(t, { time: 'datetime(3)', text: 'mediumtext', bool: 'tinyint(1)' }),
};

const passages = (t: (table: string) => string): string[] => [
  `create table ${t('resume_passage')} (
    id varchar(36) primary key, resume_id varchar(36) not null, version_id varchar(36) not null, kind varchar(16) not null,
    span_start int not null, span_end int not null, revision int not null default 1
  )`,
  `create index resume_passage_resume on ${t('resume_passage')} (resume_id, id)`,
];

export const passagesMigration: Migration = { name: '0004-passages', postgresql: passages, mysql: passages };

const backups = (t: (table: string) => string, type: { readonly time: string; readonly text: string; readonly bool: string }): string[] => [
  `create table ${t('resume_backup')} (
    id varchar(36) primary key, user_id varchar(64) not null, resume_id varchar(36) null, requested_by varchar(64) not null,
    state varchar(16) not null, reason varchar(16) null, detail varchar(500) null, resumes int not null, done int not null, total int not null,
    size_bytes int null, sha256 char(64) null, created_at ${type.time} not null, updated_at ${type.time} not null, expires_at ${type.time} not null
  )`,
  `create table ${t('resume_restore')} (
    id varchar(36) primary key, user_id varchar(64) not null, requested_by varchar(64) not null, backup_id varchar(36) null, policy varchar(16) null,
    state varchar(16) not null, reason varchar(16) null, detail varchar(500) null, done int not null, total int not null,
    outcomes ${type.text} not null, created_at ${type.time} not null, updated_at ${type.time} not null, expires_at ${type.time} not null
  )`,
  ...['resume_backup', 'resume_restore'].flatMap((table) =>
    ['user_id', 'expires_at'].map((column) => `create index ${table}_${column} on ${t(table)} (${column})`),
  ),
  `create table ${t('resume_check')} (
    id varchar(36) primary key, requested_by varchar(64) not null, depth varchar(16) not null, repair ${type.bool} not null,
    state varchar(16) not null, figures ${type.text} not null, sync_job_id varchar(64) not null, created_at ${type.time} not null,
    updated_at ${type.time} not null
  )`,
];

export const backupsMigration: Migration = {
  name: '0006-backups',
  postgresql: (t) => backups(t, { time: 'timestamptz(3)', text: 'text', bool: 'boolean' }),
  mysql: (t) => backups(t, { time: 'datetime(3)', text: 'mediumtext', bool: 'tinyint(1)' }),
};

export const resumesMigration: Migration = {
  name: '0001-resumes',
  postgresql: (t) => tables(t, 'timestamptz(3)'),
  mysql: (t) => tables(t, 'datetime(3)'),
};

import type { Migration } from '@loomgraph/stores/relational';

const tables = (t: (table: string) => string, type: { readonly time: string; readonly text: string }): string[] => [
  `create table ${t('job_posting')} (
    id varchar(36) primary key, company_id varchar(64) not null, company_name varchar(200) not null, posted_by varchar(64) not null,
    title varchar(200) not null, country varchar(2) null, city varchar(100) null, work_mode varchar(16) not null,
    salary_min int null, salary_max int null, salary_currency varchar(3) null, salary_period varchar(8) null, status varchar(16) not null,
    posted_at ${type.time} null, expires_at ${type.time} null, created_at ${type.time} not null, updated_at ${type.time} not null,
    revision int not null default 1, reading_version varchar(32) not null, posting ${type.text} not null, reading ${type.text} not null
  )`,
  `create index job_posting_company on ${t('job_posting')} (company_id, updated_at)`,
  `create index job_posting_status on ${t('job_posting')} (status, created_at, id)`,
  ...['title', 'created_at', 'updated_at', 'reading_version'].map(
    (column) => `create index job_posting_by_${column} on ${t('job_posting')} (${column}, id)`,
  ),
  `create index job_posting_posted_by on ${t('job_posting')} (posted_by)`,
];

export const jobsMigration: Migration = {
  name: '0005-jobs',
  postgresql: (t) => tables(t, { time: 'timestamptz(3)', text: 'text' }),
  mysql: (t) => tables(t, { time: 'datetime(3)', text: 'mediumtext' }),
};

import type { Migration } from '@loomgraph/stores/relational';

const table = (t: (name: string) => string, text: string): string[] => [
  `create table ${t('task')} (
    kind varchar(64) not null, task_key varchar(191) not null, payload ${text} not null, generation int not null default 1,
    attempts int not null default 0, due_at bigint not null, owner varchar(36) null, error_code varchar(64) null,
    primary key (kind, task_key)
  )`,
  `create index task_due on ${t('task')} (due_at)`,
];

/** The table of a subgraph that has tasks; it goes before the subgraph's own migrations. */
export const taskMigration: Migration = {
  name: '0000-tasks',
  postgresql: (t) => table(t, 'text'),
  mysql: (t) => table(t, 'mediumtext'),
};

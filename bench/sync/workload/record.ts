import { defineRecord } from '@loomgraph/sync';
import type { Migration } from '@loomgraph/stores/relational';
import { defineEntity, p } from '@mikro-orm/core';

const columns = {
  id: p.string().length(36).primary(),
  name: p.string().length(200),
  category: p.string().length(64),
  language: p.string().length(35),
  description: p.text(),
  revision: p.integer().version(),
};

/** A resume template, as short as one is that has not been filled in. */
export const BenchTemplate = defineEntity({ name: 'BenchTemplate', tableName: 'bench_template', properties: columns });
/** The same in a table whose changes triggers capture. */
export const TriggeredTemplate = defineEntity({ name: 'TriggeredTemplate', tableName: 'triggered_template', properties: columns });

export const benchRecord = defineRecord('BenchTemplate', BenchTemplate);
export const triggeredRecord = defineRecord('TriggeredTemplate', TriggeredTemplate);

export const TABLE = 'bench_template';
export const TRIGGERED_TABLE = 'triggered_template';

const tables = (t: (name: string) => string): readonly string[] =>
  [TABLE, TRIGGERED_TABLE].map(
    (name) => `create table ${t(name)} (
      id varchar(36) primary key, name varchar(200) not null, category varchar(64) not null, language varchar(35) not null,
      description text not null, revision int not null default 1)`,
  );

export const benchMigration: Migration = { name: '0001-bench', postgresql: tables, mysql: tables };

import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Journal } from '../journal.ts';
import type { RecordState } from './record-state.ts';
import type { ViolationKind } from './find-violations.ts';

/** Damage that is done on purpose, past the subgraph, and that the check must find. */
export interface Planting {
  readonly name: string;
  readonly expected: ViolationKind;
  plant(): Promise<void>;
}

const MARKDOWN = { contentType: 'text/markdown' };

/**
 * One of every kind, each at a version of its own. There is none for feedback of one user that is there twice, and for two versions of one number:
 * the databases refuse those.
 */
export function plantings(options: {
  readonly store: RelationalStore;
  readonly objects: Objects;
  readonly journal: Journal;
  readonly state: RecordState;
}): readonly Planting[] {
  const { store, objects, journal, state } = options;
  const kept = journal.uploads.filter((upload) => upload.state === 'completed' && !journal.isGone(upload)).map(({ id }) => id);
  const rowOf = (place: number) => {
    const row = state.versions.find(({ id }) => id === kept[place]);
    if (!row) throw new Error('The drill has too few versions to damage: let it run longer.');
    return row;
  };
  const run = (sql: string, values: readonly unknown[]) =>
    store.transaction((em) => em.execute(sql, [...values], 'run')).then(() => undefined);
  const answered = state.suggestions.find(({ state: is }) => is === 'done');
  return [
    { name: 'a file is gone', expected: 'lost', plant: () => objects.delete(rowOf(0).object_key) },
    {
      name: 'a file has other bytes',
      expected: 'lost',
      plant: async () => void (await objects.put(rowOf(1).object_key, Buffer.from('other bytes'), MARKDOWN)),
    },
    {
      name: 'a row is gone',
      expected: 'lost',
      plant: () => run(`delete from ${store.table('resume_version')} where id = ?`, [rowOf(2).id]),
    },
    {
      name: 'an object has no row',
      expected: 'orphan',
      plant: async () => void (await objects.put('resumes/nobody/none/none/cv.md', Buffer.from('an orphan'), MARKDOWN)),
    },
    {
      name: 'what was sent was left',
      expected: 'orphan',
      plant: async () => void (await objects.put('resume-uploads/none', Buffer.from('left'), MARKDOWN)),
    },
    {
      name: 'a file is stored twice',
      expected: 'doubled',
      plant: async () => {
        const { object_key: key } = rowOf(3);
        const found = await objects.get(key);
        if (!found) throw new Error(`There is no object ${key}.`);
        const content = await found.body.toArray();
        await objects.put(`${key}.copy.md`, Buffer.concat(content as Buffer[]), MARKDOWN);
      },
    },
    {
      name: 'a version was never looked at',
      expected: 'unfinished',
      plant: () => run(`update ${store.table('resume_understanding')} set state = 'queued' where version_id = ?`, [rowOf(4).id]),
    },
    ...(answered === undefined
      ? []
      : [
          {
            name: 'a suggestion was answered again',
            expected: 'doubled' as const,
            plant: () => {
              for (let times = 0; times < 2; times += 1) journal.countOutcome(answered.id);
              return Promise.resolve();
            },
          },
        ]),
  ];
}

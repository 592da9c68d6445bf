import type { RelationalStore } from '@loomgraph/stores/relational';
import type { SearchHit } from '@loomgraph/stores/vectors';
import type { EntityManager } from '@mikro-orm/sql';

/** A list that is written anew; `before` is what is there, undefined where that is not known. */
export interface ReplacedList {
  readonly id: string;
  readonly before: readonly SearchHit[] | undefined;
  readonly after: readonly SearchHit[];
}

/** The entries of the lists of similar templates, a row each. Whoever writes those of a list has locked the list's own row. */
export interface NeighbourRows {
  read(em: EntityManager, ids: readonly string[]): Promise<Map<string, SearchHit[]>>;
  /** Writes only what differs where it is known what is there. */
  replace(em: EntityManager, lists: readonly ReplacedList[]): Promise<void>;
  remove(em: EntityManager, ids: readonly string[]): Promise<void>;
  /** In whose lists these are. */
  holding(em: EntityManager, ids: readonly string[]): Promise<readonly string[]>;
}

export function neighbourRows(store: RelationalStore): NeighbourRows {
  const table = store.table('template_neighbour');
  const update =
    store.dialect === 'postgresql'
      ? 'on conflict (template_id, neighbour_id) do update set score = excluded.score'
      : 'on duplicate key update score = values(score)';
  const remove = async (em: EntityManager, ids: readonly string[]): Promise<void> => {
    if (ids.length > 0) await em.execute(`delete from ${table} where template_id in (${ids.map(() => '?').join(', ')})`, [...ids], 'run');
  };
  return {
    remove,
    async read(em, ids) {
      const rows = await em.execute<{ template_id: string; neighbour_id: string; score: number }[]>(
        `select template_id, neighbour_id, score from ${table} where template_id in (${ids.map(() => '?').join(', ')})`,
        [...ids],
      );
      const lists = new Map<string, SearchHit[]>();
      for (const { template_id: owner, neighbour_id: id, score } of rows) {
        const list = lists.get(owner) ?? [];
        lists.set(owner, list);
        list.push({ id, score });
      }
      return lists;
    },
    async replace(em, lists) {
      await remove(
        em,
        lists.filter(({ before }) => before === undefined).map(({ id }) => id),
      );
      const gone = lists.flatMap(({ id, before = [], after }) =>
        before.filter((hit) => !after.some((one) => one.id === hit.id)).map((hit) => [id, hit.id]),
      );
      if (gone.length > 0)
        await em.execute(
          `delete from ${table} where (template_id, neighbour_id) in (${gone.map(() => '(?, ?)').join(', ')})`,
          gone.flat(),
          'run',
        );
      const written = lists.flatMap(({ id, before = [], after }) =>
        after.filter((hit) => !before.some((one) => one.id === hit.id && one.score === hit.score)).map((hit) => [id, hit.id, hit.score]),
      );
      if (written.length > 0)
        await em.execute(
          `insert into ${table} (template_id, neighbour_id, score) values ${written.map(() => '(?, ?, ?)').join(', ')} ${update}`,
          written.flat(),
          'run',
        );
    },
    async holding(em, ids) {
      const rows = await em.execute<{ id: string }[]>(
        `select distinct template_id as id from ${table} where neighbour_id in (${ids.map(() => '?').join(', ')})`,
        [...ids],
      );
      return rows.map((row) => row.id);
    },
  };
}

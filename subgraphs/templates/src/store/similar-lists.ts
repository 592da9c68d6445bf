import type { RelationalStore } from '@loomgraph/stores/relational';
import type { SearchHit } from '@loomgraph/stores/vectors';
import type { EntityManager } from '@mikro-orm/sql';

/** The list of a template as it is kept: `hits` undefined while it must be looked up again. */
export interface KeptList {
  readonly id: string;
  /** Changes whenever the list is forgotten. */
  readonly generation: number;
  readonly hits: readonly SearchHit[] | undefined;
}

/**
 * The templates that each is similar to, kept beside the records: whatever process derives a template again finds the same, and a look-up, which
 * compares with every template where there is no approximate index, is done once.
 *
 * 1. `read` answers a list for every id; one that is not kept, or of other vectors than `version`, has no hits.
 * 2. `keep` stores lists, each only while its generation is the one that was read: what was forgotten meanwhile stays forgotten.
 * 3. `forget` makes lists be looked up again; `remove` does away with them.
 * 4. `holding` answers the templates in whose lists these are; `fullness` how close one must be to get into each list.
 */
export interface SimilarLists {
  /** The version of the vectors that serve reads. */
  version(): Promise<string>;
  read(ids: readonly string[], version: string): Promise<readonly KeptList[]>;
  keep(lists: readonly KeptList[], version: string): Promise<void>;
  forget(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  holding(ids: readonly string[]): Promise<readonly string[]>;
  fullness(
    ids: readonly string[],
    version: string,
  ): Promise<readonly { readonly id: string; readonly length: number; readonly least: number }[]>;
}

export function createSimilarLists(store: RelationalStore): SimilarLists {
  const lists = store.table('template_similar');
  const neighbours = store.table('template_neighbour');
  const select = <Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> => store.read().execute<Row[]>(sql, [...parameters]);
  const run = (em: EntityManager, sql: string, parameters: readonly unknown[]) => em.execute(sql, [...parameters], 'run');
  const ignoring =
    store.dialect === 'postgresql' ? { insert: 'insert', clause: 'on conflict do nothing' } : { insert: 'insert ignore', clause: '' };

  return {
    async version() {
      const [row] = await select<{ version: string }>(
        `select version from ${store.table('projection')} where name = 'template-vectors'`,
        [],
      );
      return row?.version ?? '';
    },
    async read(ids, version) {
      if (ids.length === 0) return [];
      // Before anything is looked up there is a row to forget.
      await store.transaction((em) =>
        run(
          em,
          `${ignoring.insert} into ${lists} (template_id, version, generation) values ${ids.map(() => '(?, null, 0)').join(', ')} ${ignoring.clause}`,
          [...ids].sort(),
        ),
      );
      const rows = await select<{ template_id: string; version: string | null; generation: number }>(
        `select template_id, version, generation from ${lists} where template_id in (${marks(ids)})`,
        ids,
      );
      const kept = rows.filter((row) => row.version === version).map((row) => row.template_id);
      const hits =
        kept.length > 0
          ? await select<{ template_id: string; neighbour_id: string; score: number }>(
              `select template_id, neighbour_id, score from ${neighbours} where template_id in (${marks(kept)})`,
              kept,
            )
          : [];
      const byTemplate = Map.groupBy(hits, (row) => row.template_id);
      return rows.map((row) => ({
        id: row.template_id,
        generation: row.generation,
        hits:
          row.version === version
            ? (byTemplate.get(row.template_id) ?? []).map(({ neighbour_id: id, score }) => ({ id, score }))
            : undefined,
      }));
    },
    async keep(kept, version) {
      if (kept.length === 0) return;
      const ids = kept.map(({ id }) => id).sort();
      await store.transaction(async (em) => {
        const rows = await em.execute<{ template_id: string; generation: number }[]>(
          `select template_id, generation from ${lists} where template_id in (${marks(ids)}) order by template_id for update`,
          ids,
        );
        const generations = new Map(rows.map((row) => [row.template_id, row.generation]));
        const current = kept.filter(({ id, generation }) => generations.get(id) === generation);
        if (current.length === 0) return;
        const currentIds = current.map(({ id }) => id);
        await run(em, `update ${lists} set version = ? where template_id in (${marks(currentIds)})`, [version, ...currentIds]);
        await run(em, `delete from ${neighbours} where template_id in (${marks(currentIds)})`, currentIds);
        const values = current.flatMap(({ id, hits = [] }) => hits.map((hit) => [id, hit.id, hit.score]));
        if (values.length > 0)
          await run(
            em,
            `insert into ${neighbours} (template_id, neighbour_id, score) values ${values.map(() => '(?, ?, ?)').join(', ')}`,
            values.flat(),
          );
      });
    },
    async forget(ids) {
      if (ids.length === 0) return;
      await store.transaction((em) =>
        run(em, `update ${lists} set version = null, generation = generation + 1 where template_id in (${marks(ids)})`, [...ids].sort()),
      );
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await store.transaction(async (em) => {
        await run(em, `delete from ${lists} where template_id in (${marks(ids)})`, ids);
        await run(em, `delete from ${neighbours} where template_id in (${marks(ids)})`, ids);
      });
    },
    async holding(ids) {
      if (ids.length === 0) return [];
      const rows = await select<{ id: string }>(
        `select distinct template_id as id from ${neighbours} where neighbour_id in (${marks(ids)})`,
        ids,
      );
      return rows.map((row) => row.id);
    },
    async fullness(ids, version) {
      if (ids.length === 0) return [];
      const rows = await select<{ id: string; version: string | null; length: string | number; least: number | null }>(
        `select l.template_id as id, max(l.version) as version, count(n.neighbour_id) as length, min(n.score) as least
         from ${lists} l left join ${neighbours} n on n.template_id = l.template_id where l.template_id in (${marks(ids)}) group by l.template_id`,
        ids,
      );
      // One that is to be looked up again takes everything.
      return rows.map((row) =>
        row.version === version ? { id: row.id, length: Number(row.length), least: row.least ?? 0 } : { id: row.id, length: 0, least: 0 },
      );
    },
  };
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

import type { RelationalStore } from '@loomgraph/stores/relational';
import type { SearchHit } from '@loomgraph/stores/vectors';
import type { EntityManager } from '@mikro-orm/sql';
import { withChanged } from '../domain/similar-list.js';
import { neighbourRows, type ReplacedList } from './neighbour-rows.js';

/** The list of a template as it is kept: `hits` undefined while it must be looked up again. */
export interface KeptList {
  readonly id: string;
  /** Changes whenever the list is forgotten. */
  readonly generation: number;
  readonly hits: readonly SearchHit[] | undefined;
}

/** A template whose vectors changed. */
export interface ChangedTemplate {
  readonly id: string;
  /** As `begin` drew it, before its vectors were compared. */
  readonly generation: number;
  /** Whether it may be in the lists of others. */
  readonly isActive: boolean;
  /** The templates it is close to now, closest first: at least as many as a list holds, where there are as many. */
  readonly around: readonly SearchHit[];
}

/**
 * The templates that each is similar to, kept beside the records: whatever process derives a template again finds the same, and a look-up, which
 * compares with every template where there is no approximate index, is done once.
 *
 * 1. `read` answers a list for every id; one that is not kept, or of other vectors than `version`, has no hits.
 * 2. `keep` stores lists, each only while its generation is the one that was read, and draws a new one: of those who looked up at once the first is
 *    right, and what was forgotten meanwhile stays forgotten. It answers the lists that were not stored.
 * 3. `forget` makes lists be looked up again; `remove` does away with them.
 * 4. `holding` answers the templates in whose lists these are; `fullness` how close one must be to get into each list.
 * 5. `begin` forgets the lists of templates that are about to be compared and draws their generations; lists of templates that are not known yet
 *    begin to be. `adjust` gives them the lists that were found and puts them into those of `others`, each as a look-up would have it; where only
 *    a look-up can tell (one leaves a full list), that list is forgotten. It answers false, and has done nothing, when something happened to
 *    the changed ones since `begin`.
 * 6. What changes lists (`adjust`, `forget`, `remove`) is written in the transaction in which their owners are made due: a list that is another one
 *    than what was derived from it, with nothing due, would stay so.
 */
export interface SimilarLists {
  /** The version of the vectors that serve reads. */
  version(): Promise<string>;
  read(ids: readonly string[], version: string): Promise<readonly KeptList[]>;
  keep(lists: readonly KeptList[], version: string): Promise<readonly KeptList[]>;
  forget(em: EntityManager, ids: readonly string[]): Promise<void>;
  begin(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  adjust(em: EntityManager, changed: readonly ChangedTemplate[], others: readonly string[], version: string): Promise<boolean>;
  remove(em: EntityManager, ids: readonly string[]): Promise<void>;
  holding(ids: readonly string[]): Promise<readonly string[]>;
  fullness(
    ids: readonly string[],
    version: string,
  ): Promise<readonly { readonly id: string; readonly length: number; readonly least: number }[]>;
}

/** `length`: how many templates a list holds at most. */
export function createSimilarLists(store: RelationalStore, { length }: { readonly length: number }): SimilarLists {
  const lists = store.table('template_similar');
  const neighbours = neighbourRows(store);
  const select = <Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> => store.read().execute<Row[]>(sql, [...parameters]);
  const run = (em: EntityManager, sql: string, parameters: readonly unknown[]) => em.execute(sql, [...parameters], 'run');
  const ignoring =
    store.dialect === 'postgresql' ? { insert: 'insert', clause: 'on conflict do nothing' } : { insert: 'insert ignore', clause: '' };

  const insertMissing = (em: EntityManager, ids: readonly string[]) =>
    run(
      em,
      `${ignoring.insert} into ${lists} (template_id, version, generation) values ${ids.map(() => '(?, null, 0)').join(', ')} ${ignoring.clause}`,
      [...ids].sort(),
    );
  const forget = async (em: EntityManager, ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    await run(em, `update ${lists} set version = null, generation = generation + 1 where template_id in (${marks(ids)})`, [...ids].sort());
  };

  /** Whoever looked up meanwhile finds another generation. */
  const publish = async (em: EntityManager, ids: readonly string[], version: string): Promise<void> => {
    if (ids.length === 0) return;
    await run(em, `update ${lists} set version = ?, generation = generation + 1 where template_id in (${marks(ids)})`, [version, ...ids]);
  };

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
      await store.transaction((em) => insertMissing(em, ids));
      const rows = await select<{ template_id: string; version: string | null; generation: number }>(
        `select template_id, version, generation from ${lists} where template_id in (${marks(ids)})`,
        ids,
      );
      const kept = rows.filter((row) => row.version === version).map((row) => row.template_id);
      const hits = kept.length > 0 ? await neighbours.read(store.read(), kept) : new Map<string, SearchHit[]>();
      return rows.map((row) => ({
        id: row.template_id,
        generation: row.generation,
        hits: row.version === version ? (hits.get(row.template_id) ?? []) : undefined,
      }));
    },
    async keep(kept, version) {
      if (kept.length === 0) return [];
      const ids = kept.map(({ id }) => id).sort();
      return store.transaction(async (em) => {
        const rows = await em.execute<{ template_id: string; generation: number }[]>(
          `select template_id, generation from ${lists} where template_id in (${marks(ids)}) order by template_id for update`,
          ids,
        );
        const generations = new Map(rows.map((row) => [row.template_id, row.generation]));
        const current = kept.filter(({ id, generation }) => generations.get(id) === generation);
        const others = kept.filter((list) => !current.includes(list));
        if (current.length === 0) return others;
        const currentIds = current.map(({ id }) => id);
        await publish(em, currentIds, version);
        await neighbours.replace(
          em,
          current.map(({ id, hits: after = [] }) => ({ id, before: undefined, after })),
        );
        return others;
      });
    },
    forget,
    async begin(ids) {
      if (ids.length === 0) return new Map();
      return store.transaction(async (em) => {
        await insertMissing(em, ids);
        await forget(em, ids);
        const rows = await em.execute<{ template_id: string; generation: number }[]>(
          `select template_id, generation from ${lists} where template_id in (${marks(ids)})`,
          [...ids],
        );
        return new Map(rows.map((row) => [row.template_id, row.generation]));
      });
    },
    async adjust(em, changed, others, version) {
      const ids = [...new Set([...others, ...changed.map(({ id }) => id)])].sort();
      if (ids.length === 0) return true;
      const rows = await em.execute<{ template_id: string; version: string | null; generation: number }[]>(
        `select template_id, version, generation from ${lists} where template_id in (${marks(ids)}) order by template_id for update`,
        ids,
      );
      const generations = new Map(rows.map((row) => [row.template_id, row.generation]));
      if (changed.some(({ id, generation }) => generations.get(id) !== generation)) return false;
      const own = new Set(changed.map(({ id }) => id));
      const kept = rows.filter((row) => row.version === version && !own.has(row.template_id)).map((row) => row.template_id);
      const hits = kept.length > 0 ? await neighbours.read(em, kept) : new Map<string, SearchHit[]>();
      const forgotten = rows.filter((row) => row.version !== version && !own.has(row.template_id)).map((row) => row.template_id);
      const moved: ReplacedList[] = [];
      for (const id of kept) {
        const before = hits.get(id) ?? [];
        const after = changed.reduce<readonly SearchHit[] | undefined>((list, one) => list && withChanged(list, id, one, length), before);
        if (after === undefined) forgotten.push(id);
        else if (after !== before) moved.push({ id, before, after });
      }
      await forget(em, forgotten);
      await neighbours.replace(em, [
        ...moved,
        ...changed.map(({ id, around }) => ({
          id,
          before: undefined,
          after: around.slice(0, length).map((hit) => ({ id: hit.id, score: hit.score })),
        })),
      ]);
      // A look-up that is under way was begun before: what it finds is not kept.
      if (moved.length > 0)
        await run(
          em,
          `update ${lists} set generation = generation + 1 where template_id in (${marks(moved)})`,
          moved.map(({ id }) => id),
        );
      await publish(em, [...own], version);
      return true;
    },
    async remove(em, ids) {
      if (ids.length === 0) return;
      await run(em, `delete from ${lists} where template_id in (${marks(ids)})`, ids);
      await neighbours.remove(em, ids);
    },
    holding: (ids) => (ids.length === 0 ? Promise.resolve([]) : neighbours.holding(store.read(), ids)),
    async fullness(ids, version) {
      if (ids.length === 0) return [];
      const rows = await select<{ id: string; version: string | null; length: string | number; least: number | null }>(
        `select l.template_id as id, max(l.version) as version, count(n.neighbour_id) as length, min(n.score) as least
         from ${lists} l left join ${store.table('template_neighbour')} n on n.template_id = l.template_id where l.template_id in (${marks(ids)}) group by l.template_id`,
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

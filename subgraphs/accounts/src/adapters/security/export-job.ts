import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { toExport, type ExportRow } from '../../store/security/user-data.store.js';
import type { UserExport } from '../../domain/security/user-data.js';

export type ExportFiles = Pick<Objects, 'put' | 'get' | 'head' | 'delete' | 'list'>;

export interface ExportJobOptions {
  readonly store: RelationalStore;
  readonly objects: () => Promise<ExportFiles>;
  /** Where in the object store exports go; ends at a `/`. */
  readonly objectPrefix: string;
  /** The subgraphs that write a part. */
  readonly parts: readonly string[];
  /** What this subgraph has, name by name; a list may be as long as it is. */
  readonly sections: Readonly<Record<string, (userId: string) => AsyncIterable<unknown>>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often it looks. Default 1 s. */
  readonly pollMs?: number;
  /** How long an export stays with a process that says nothing. Default 60 s. */
  readonly leaseMs?: number;
  /** How long subgraphs may take for their parts. Default 15 min. */
  readonly patienceMs?: number;
}

/**
 * Makes the files of exports, and deletes them when they expire; any number of processes may.
 *
 *   collecting --all parts are there--> claimed under a lease --file written--> done;  --parts missing for too long--> failed
 *   claimed --process killed: lease runs out--> claimed by another, which writes the same file again
 *   any --expired, or the user erased--> files deleted, then the row
 */
export interface ExportJob extends AsyncDisposable {
  start(): void;
  /** One look. @returns how many exports were finished or deleted */
  run(): Promise<number>;
  stop(): Promise<void>;
}

const AT_ONCE = 20;

export function createExportJob(options: ExportJobOptions): ExportJob {
  const { store, clock, logger, metrics, pollMs = 1_000, leaseMs = 60_000, patienceMs = 900_000 } = options;
  const table = store.table('user_export');
  const owner = randomUUID();
  const outcomes = metrics.counter('accounts_exports_total', "Exports of users' data that ended, by outcome.", ['outcome']);
  for (const outcome of ['done', 'failed', 'deleted']) outcomes.inc({ outcome }, 0);

  const rows = async (condition: string, parameters: readonly unknown[]): Promise<readonly UserExport[]> =>
    (
      await store.read().execute<ExportRow[]>(`select * from ${table} where ${condition} order by id limit ${AT_ONCE}`, [...parameters])
    ).map(toExport);
  const update = (sql: string, parameters: readonly unknown[]): Promise<{ affectedRows: number }> =>
    store.transaction((em) => em.execute<{ affectedRows: number }>(sql, [...parameters], 'run'));

  const finish = async (request: UserExport): Promise<number> => {
    const objects = await options.objects();
    const folder = `${options.objectPrefix}${request.id}/`;
    const present = await Promise.all(options.parts.map((part) => objects.head(`${folder}${part}.json`)));
    const now = clock.now().getTime();
    if (present.includes(null)) {
      if (now - request.requestedAt.getTime() < patienceMs) return 0;
      const missing = options.parts.filter((_, index) => present[index] === null);
      logger.error('An export failed: parts are missing.', { exportId: request.id, missing });
      await end(request, { state: 'failed', code: 'SUBGRAPH_UNAVAILABLE' });
      return 1;
    }
    const claim = `update ${table} set lease_owner = ?, lease_until = ? where id = ? and state = 'collecting' and lease_until <= ?`;
    if ((await update(claim, [owner, now + leaseMs, request.id, now])).affectedRows === 0) return 0;
    const key = `${folder}user.json`;
    const info = await objects.put(key, Readable.from(fileOf(request, objects, folder)), { contentType: 'application/json' });
    await end(request, { state: 'done', key, size: info.sizeBytes });
    for (const part of options.parts) await objects.delete(`${folder}${part}.json`);
    return 1;
  };

  const end = async (
    { id }: UserExport,
    {
      state,
      key = null,
      size = null,
      code = null,
    }: { state: 'done' | 'failed'; key?: string | null; size?: number | null; code?: string | null },
  ): Promise<void> => {
    await update(
      `update ${table} set state = ?, object_key = ?, size_bytes = ?, error_code = ?, finished_at = ?, lease_owner = null, lease_until = 0
       where id = ? and state = 'collecting'`,
      [state, key, size, code, clock.now().getTime(), id],
    );
    outcomes.inc({ outcome: state });
  };

  async function* fileOf(
    { id, userId, requestedAt }: UserExport,
    objects: ExportFiles,
    folder: string,
  ): AsyncGenerator<string, void, void> {
    yield `{"exportId":${JSON.stringify(id)},"userId":${JSON.stringify(userId)},"requestedAt":${JSON.stringify(requestedAt)},"accounts":{`;
    let first = true;
    for (const [name, read] of Object.entries(options.sections)) {
      yield `${first ? '' : ','}${JSON.stringify(name)}:[`;
      first = false;
      let separator = '';
      for await (const item of read(userId)) {
        yield separator + JSON.stringify(item);
        separator = ',';
      }
      yield ']';
    }
    yield '}';
    for (const part of options.parts) {
      const object = await objects.get(`${folder}${part}.json`);
      yield `,${JSON.stringify(part)}:${object ? await text(object.body) : 'null'}`;
    }
    yield '}\n';
  }

  const drop = async ({ id }: UserExport): Promise<void> => {
    const objects = await options.objects();
    for (const { key } of await objects.list(`${options.objectPrefix}${id}/`, { limit: 100 })) await objects.delete(key);
    await update(`delete from ${table} where id = ?`, [id]);
    outcomes.inc({ outcome: 'deleted' });
  };

  const run = async (): Promise<number> => {
    const now = clock.now().getTime();
    let count = 0;
    for (const request of await rows(`state = 'collecting' and lease_until <= ? and expires_at > ?`, [now, now]))
      count += await finish(request);
    for (const request of await rows(`expires_at <= ?`, [now])) {
      await drop(request);
      count += 1;
    }
    return count;
  };

  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      logger.warn('Exports wait: a store does not answer.', { error });
    }
  };
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    timer = undefined;
    await running;
  };
  return {
    run,
    start() {
      timer ??= setInterval(() => (running ??= look().finally(() => (running = undefined))), pollMs);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import { isOneOf, type RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { archiveKey, BACKUPS, idOfKey, RESUMES, STAGING, stagingKey } from '../domain/object-keys.js';
import { ResumeBackupEntity, ResumeRestoreEntity, ResumeUploadEntity, ResumeVersionEntity, ShareLinkEntity } from '../store/entities.js';
import { enqueueRemoval } from '../store/removals.js';

export const SWEEP = 'sweep';

export interface SweepOptions {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long after it expired an upload can still be completed. */
  readonly uploadGraceMs: number;
  /** Objects younger than this are let alone: their row may be about to be written. */
  readonly orphanAgeMs: number;
  /** Between the end of one sweep and the next. Default an hour. */
  readonly everyMs?: number;
}

/** How far a sweep is: the part of the object store it walks, and the key it has come to. */
interface Position {
  readonly prefix: string;
  readonly after?: string;
}

const AT_ONCE = 200;
/** The part that is walked after one. */
const AFTER: Readonly<Record<string, string>> = { [STAGING]: RESUMES, [RESUMES]: BACKUPS };
const LINK_KEPT_MS = 30 * 86_400_000;

/**
 * Finds what nobody names any more: objects whose upload or version is not in the record (a process was killed between the two, or an upload was
 * sent again after it was completed), uploads, backups and restores that expired, share links that have been over for a month. One page of objects at a time; where it has
 * come to is kept with the task, so that another process goes on there.
 */
export function sweep(options: SweepOptions): TaskHandler {
  const { store, objects, folder, clock, logger, metrics, uploadGraceMs, orphanAgeMs, everyMs = 3_600_000 } = options;
  const swept = metrics.counter('resumes_swept_total', 'What the sweep of resumes removed.', ['what']);
  for (const what of ['object', 'upload', 'share-link', 'backup', 'restore']) swept.inc({ what }, 0);

  const expire = async (): Promise<void> => {
    const now = clock.now().getTime();
    await store.transaction(async (em) => {
      const before = new Date(now - uploadGraceMs);
      const uploads = await em.find(ResumeUploadEntity, { expiresAt: { $lt: before } }, { limit: AT_ONCE });
      for (const { id } of uploads) await enqueueRemoval(store, em, { id, where: { key: stagingKey(folder, id) } });
      await em.nativeDelete(ResumeUploadEntity, { id: { $in: uploads.map(({ id }) => id) } });
      const backups = await em.find(ResumeBackupEntity, { expiresAt: { $lt: new Date(now) } }, { limit: AT_ONCE });
      const restores = await em.find(ResumeRestoreEntity, { expiresAt: { $lt: before } }, { limit: AT_ONCE });
      for (const one of [...backups, ...restores]) await enqueueRemoval(store, em, { id: one.id, where: { key: archiveKey(folder, one) } });
      await em.nativeDelete(ResumeBackupEntity, { id: { $in: backups.map(({ id }) => id) } });
      await em.nativeDelete(ResumeRestoreEntity, { id: { $in: restores.map(({ id }) => id) } });
      swept.inc({ what: 'backup' }, backups.length);
      swept.inc({ what: 'restore' }, restores.length);
      const over = new Date(now - LINK_KEPT_MS);
      const links = await em.nativeDelete(ShareLinkEntity, { $or: [{ expiresAt: { $lt: over } }, { revokedAt: { $lt: over } }] });
      swept.inc({ what: 'upload' }, uploads.length);
      swept.inc({ what: 'share-link' }, links);
    });
  };

  const removeOrphans = async ({ prefix, after }: Position): Promise<string | undefined> => {
    const files = await objects();
    const page = await files.list(folder + prefix, { limit: AT_ONCE, ...(after === undefined ? {} : { after }) });
    const old = new Date(clock.now().getTime() - orphanAgeMs);
    const found = page.filter(({ modifiedAt }) => modifiedAt < old).map(({ key }) => ({ key, id: idOfKey(folder, key) }));
    const ids = found.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const em = store.read();
    // Uploads first: one that is completed in between is a version when those are read.
    const where = isOneOf('id', ids, store.dialect);
    const uploads =
      prefix === BACKUPS
        ? [
            ...(await em.find(ResumeBackupEntity, where, { fields: ['id'] })),
            ...(await em.find(ResumeRestoreEntity, where, { fields: ['id'] })),
          ]
        : await em.find(ResumeUploadEntity, where, { fields: ['id'] });
    const versions = prefix === BACKUPS ? [] : await em.find(ResumeVersionEntity, where, { fields: ['id', 'objectKey'] });
    // A version names its key; whatever else lies beside it does not belong there. What is uploaded or being checked has its upload.
    const named = new Set<string | undefined>(versions.map(({ objectKey }) => objectKey));
    const pending = new Set<string | undefined>(uploads.map(({ id }) => id));
    for (const { key, id } of found) {
      if (named.has(key) || pending.has(id)) continue;
      await files.delete(key);
      swept.inc({ what: 'object' });
      logger.warn('An object that no resume names was deleted.', { key });
    }
    return page.length < AT_ONCE ? undefined : page.at(-1)?.key;
  };

  return {
    maxAttempts: Infinity,
    async run({ payload }, { finish }) {
      const position = (payload ?? { prefix: STAGING }) as Position; // as written below
      if (position.prefix === STAGING && position.after === undefined) await expire();
      const after = await removeOrphans(position);
      if (after !== undefined) return finish(undefined, { payload: { ...position, after }, afterMs: 0 });
      const next = AFTER[position.prefix];
      if (next !== undefined) return finish(undefined, { payload: { prefix: next }, afterMs: 0 });
      return finish(undefined, { payload: null, afterMs: everyMs });
    },
  };
}

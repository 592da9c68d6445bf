import { createHash } from 'node:crypto';
import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import { isOneOf, type RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import type { Logger } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import { backupLimits, noFigures, type CheckDepth, type CheckFigures, type FileProblem } from '../../domain/backups/backup.js';
import { idOfKey, RESUMES } from '../../domain/object-keys.js';
import type { ResumeFiles } from '../../domain/ports.js';
import type { ResumeVersion } from '../../domain/resume.js';
import { ResumeCheckEntity, ResumeUploadEntity, ResumeVersionEntity } from '../../store/entities.js';

/** Where a check is, kept with its task: first every version, then every object. */
interface Position {
  readonly phase: 'versions' | 'objects';
  readonly after?: string;
}

const PAGE = 100;
const counterOf = { missing: 'missing', 'wrong-size': 'wrongSize', 'wrong-checksum': 'wrongChecksum', orphan: 'orphans' } as const;

/**
 * Compares the versions of the record with the files of the object store, in both directions, a page at a time: another process goes on where one was
 * killed. A repair puts files back from backups that have them, and deletes objects that nobody names and that are old enough not to be about to be.
 */
export function checkFiles(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly files: ResumeFiles;
  readonly folder: string;
  readonly findInBackups: (version: ResumeVersion, signal: AbortSignal) => Promise<Uint8Array | null>;
  /** Objects younger than this are let alone: their row may be about to be written. */
  readonly orphanAgeMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): TaskHandler {
  const { store, objects, files, folder, findInBackups, orphanAgeMs, clock, logger } = deps;

  const save = (em: EntityManager, id: string, changes: { readonly figures?: CheckFigures; readonly state: string }): Promise<unknown> =>
    em.nativeUpdate(
      ResumeCheckEntity,
      { id },
      { state: changes.state, updatedAt: clock.now(), ...(changes.figures ? { figures: JSON.stringify(changes.figures) } : {}) },
    );

  const problemOf = async ({ objectKey, sizeBytes, sha256 }: ResumeVersion, depth: CheckDepth): Promise<FileProblem | undefined> => {
    const info = await (await objects()).head(objectKey);
    if (!info) return 'missing';
    if (info.sizeBytes !== sizeBytes) return 'wrong-size';
    if (depth === 'size') return undefined;
    const content = await files.kept(objectKey);
    if (!content) return 'missing';
    return createHash('sha256').update(content).digest('hex') === sha256 ? undefined : 'wrong-checksum';
  };

  const putBack = async (version: ResumeVersion, signal: AbortSignal): Promise<boolean> => {
    const content = await findInBackups(version, signal);
    if (!content) return false;
    await files.mend(version.objectKey, content, version.contentType);
    return true;
  };

  const found = (figures: CheckFigures, problem: FileProblem, versionId: string | null, repaired: boolean): CheckFigures => {
    logger.warn('A check of resumes found what differs.', { problem, versionId, repaired });
    const { findings } = figures;
    return {
      ...figures,
      [counterOf[problem]]: figures[counterOf[problem]] + 1,
      repaired: figures.repaired + (repaired ? 1 : 0),
      findings: findings.length < backupLimits.findings ? [...findings, { problem, versionId, repaired }] : findings,
    };
  };

  type Step = { readonly figures: CheckFigures; readonly next: Position | undefined };
  type Work = { readonly position: Position; readonly depth: CheckDepth; readonly repair: boolean; readonly signal: AbortSignal };

  const versionsStep = async (before: CheckFigures, { position, depth, repair, signal }: Work): Promise<Step> => {
    const where = position.after === undefined ? {} : { id: { $gt: position.after } };
    const page = await store.read().find(ResumeVersionEntity, where, { orderBy: { id: 'asc' }, limit: PAGE });
    let figures: CheckFigures = { ...before, versions: before.versions + page.length };
    for (const version of page) {
      signal.throwIfAborted();
      const problem = await problemOf(version, depth);
      // Of one that was deleted meanwhile nothing is missing.
      if (!problem || (await store.read().count(ResumeVersionEntity, { id: version.id })) === 0) continue;
      figures = found(figures, problem, version.id, repair && (await putBack(version, signal)));
    }
    const last = page.length < PAGE ? undefined : page.at(-1)?.id;
    return { figures, next: last === undefined ? { phase: 'objects' } : { phase: 'versions', after: last } };
  };

  const objectsStep = async (before: CheckFigures, { position, repair }: Work): Promise<Step> => {
    const opened = await objects();
    const page = await opened.list(folder + RESUMES, { limit: PAGE, ...(position.after === undefined ? {} : { after: position.after }) });
    const old = new Date(clock.now().getTime() - orphanAgeMs);
    const ids = page.flatMap(({ key }) => idOfKey(folder, key) ?? []);
    const em = store.read();
    // As in the sweep: uploads first, so that one that is completed in between is found as a version.
    const uploads = await em.find(ResumeUploadEntity, isOneOf('id', ids, store.dialect), { fields: ['id'] });
    const versions = await em.find(ResumeVersionEntity, isOneOf('id', ids, store.dialect), { fields: ['id', 'objectKey'] });
    const named = new Set<string>(versions.map(({ objectKey }) => objectKey));
    const pending = new Set<string | undefined>(uploads.map(({ id }) => id));
    let figures: CheckFigures = { ...before, objects: before.objects + page.length };
    for (const { key, modifiedAt } of page) {
      const id = idOfKey(folder, key);
      if (named.has(key) || pending.has(id) || modifiedAt >= old) continue;
      if (repair) await opened.delete(key);
      figures = found(figures, 'orphan', id ?? null, repair);
    }
    const last = page.length < PAGE ? undefined : page.at(-1)?.key;
    return { figures, next: last === undefined ? undefined : { phase: 'objects', after: last } };
  };

  return {
    maxAttempts: 3,
    atOnce: 1,
    async run({ key: id, payload }, { signal, finish }) {
      const check = await store.read().findOne(ResumeCheckEntity, { id });
      if (!check) return;
      const position = (payload ?? { phase: 'versions' }) as Position; // as written below
      const before = payload === null ? noFigures : (JSON.parse(check.figures) as CheckFigures);
      const work: Work = { position, depth: check.depth as CheckDepth, repair: check.repair, signal };
      const { figures, next } = position.phase === 'versions' ? await versionsStep(before, work) : await objectsStep(before, work);
      await finish(
        async (em) => void (await save(em, id, { figures, state: next ? 'running' : 'done' })),
        next && { payload: next, afterMs: 0 },
      );
    },
    gaveUp: async (em, { key: id }) => void (await save(em, id, { state: 'failed' })),
  };
}

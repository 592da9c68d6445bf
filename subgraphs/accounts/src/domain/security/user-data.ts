import type { Clock, IdSource } from '@loomgraph/core';
import { createEvent, eventCatalogue, type EventEnvelope } from '@loomgraph/events';
import { auditNote, type Actor, type AuditNote } from '../audit-trail.js';
import { OwnAccount, UserNotFound } from '../errors.js';
import { ExportNotFound } from './errors.js';

/**
 * - `collecting`: the subgraphs that hold data of the user write their parts.
 * - `done`: there is a file to fetch, until `expiresAt`.
 * - `failed`: a subgraph did not write its part in time.
 */
export type ExportState = 'collecting' | 'done' | 'failed';

/** All data of a user in one file, made by a job. */
export interface UserExport {
  readonly id: string;
  readonly userId: string;
  readonly requestedBy: string;
  readonly state: ExportState;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** When the file is deleted, and the export forgotten. */
  readonly expiresAt: Date;
  readonly objectKey: string | null;
  readonly sizeBytes: number | null;
  readonly errorCode: string | null;
}

export interface UserDataWriter {
  isUser(userId: string): Promise<boolean>;
  insertExport(request: UserExport): Promise<void>;
  /** Removes the user and all that this subgraph holds of them, but for ids in the audit log. */
  erase(userId: string, at: Date): Promise<void>;
  audit(note: AuditNote): void;
  append(event: EventEnvelope): void;
}

export interface UserDataUnitOfWork {
  /** `work` may run again after a deadlock: no effect outside the database. */
  run<T>(work: (writer: UserDataWriter) => Promise<T>): Promise<T>;
}

export interface UserExportReader {
  byId(id: string): Promise<UserExport | null>;
  /** Newest first. */
  of(userId: string): Promise<readonly UserExport[]>;
}

/** A file can be fetched for a week. */
export const EXPORT_DAYS = 7;
const DAY_MS = 86_400_000;

/** What a person may ask for of the data about them: a copy, and that it goes. */
export interface UserData {
  /** Has the data of a user collected; a job makes the file. @throws UserNotFound */
  requestExport(userId: string, actor: Actor): Promise<UserExport>;
  /** @throws ExportNotFound */
  export(id: string): Promise<UserExport>;
  exportsOf(userId: string): Promise<readonly UserExport[]>;
  /**
   * Removes a user here, at once, and has every other subgraph do so. Their tokens and API keys are good for nothing from then on.
   * @throws UserNotFound, OwnAccount for an administrator's own account
   */
  erase(userId: string, actor: Actor, isAdministrator: boolean): Promise<void>;
}

export function createUserData(deps: {
  readonly unitOfWork: UserDataUnitOfWork;
  readonly reader: UserExportReader;
  /** Tells those who take requests, after the commit. */
  readonly revoke: (userId: string, at: Date) => Promise<void>;
  /** Where in the object store exports go; ends at a `/`. */
  readonly objectPrefix: string;
  readonly clock: Clock;
  readonly ids: IdSource;
}): UserData {
  const { unitOfWork, reader, revoke, objectPrefix, clock, ids } = deps;

  const note = (action: string, userId: string, actor: Actor, details?: AuditNote['details']): AuditNote =>
    auditNote({ action, actor, resource: { type: 'User', id: userId }, details });

  return {
    requestExport: (userId, actor) =>
      unitOfWork.run(async (writer) => {
        if (!(await writer.isUser(userId))) throw new UserNotFound(userId);
        const now = clock.now();
        const id = ids.next();
        const request: UserExport = {
          id,
          userId,
          requestedBy: actor.userId,
          state: 'collecting',
          requestedAt: now,
          finishedAt: null,
          expiresAt: new Date(now.getTime() + EXPORT_DAYS * DAY_MS),
          objectKey: null,
          sizeBytes: null,
          errorCode: null,
        };
        await writer.insertExport(request);
        const payload = { exportId: id, userId, objectPrefix: `${objectPrefix}${id}/`, requestedAt: now.toISOString() };
        writer.append(createEvent(eventCatalogue['accounts.export-requested'], payload, { ids, clock }));
        writer.audit(note('users.export', userId, actor, { exportId: id }));
        return request;
      }),
    async export(id) {
      const found = await reader.byId(id);
      if (!found) throw new ExportNotFound(id);
      return found;
    },
    exportsOf: (userId) => reader.of(userId),
    async erase(userId, actor, isAdministrator) {
      if (userId === actor.userId && isAdministrator) throw new OwnAccount();
      const at = clock.now();
      await unitOfWork.run(async (writer) => {
        if (!(await writer.isUser(userId))) throw new UserNotFound(userId);
        await writer.erase(userId, at);
        writer.append(createEvent(eventCatalogue['accounts.user-erased'], { userId, erasedAt: at.toISOString() }, { ids, clock }));
        writer.audit(note('users.erase', userId, actor));
      });
      await revoke(userId, at);
    },
  };
}

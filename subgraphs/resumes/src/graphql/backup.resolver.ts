import { requireIdentity, requirePermission, type Identity } from '@loomgraph/auth';
import { LoomError, type Clock } from '@loomgraph/core';
import { Arg, Ctx, Directive, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { checkDepths, restorePolicies } from '../domain/backups/backup.js';
import { BackupNotFound, RestoreNotFound } from '../domain/backups/errors.js';
import type { BackupManagement } from '../domain/backups/manage-backups.js';
import type { ArchiveFiles, BackupReader } from '../domain/backups/ports.js';
import { ResumeNotFound } from '../domain/errors.js';
import { requireResume } from './access.js';
import { CheckResumesInput, RequestResumeArchiveUploadInput, RequestResumeBackupInput, RestoreResumesInput } from './backup.input.js';
import { ResumeArchiveDownload, ResumeArchiveUpload, ResumeBackup, ResumeCheck, ResumeRestore } from './backup.type.js';
import type { ResumesContext } from './context.js';
import { BACKUP_COST } from './cost.js';
import { toBackup, toCheck, toRestore } from './present-backup.js';

@ObjectType({ description: 'A backup that was asked for.', simpleResolvers: true })
export class RequestResumeBackupPayload {
  @Field(() => ResumeBackup, { description: 'Ask for it by its id until it is done.' })
  backup!: ResumeBackup;
}

@ObjectType({ description: 'A backup that was deleted.', simpleResolvers: true })
export class DeleteResumeBackupPayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@ObjectType({ description: 'An upload of an archive that was prepared.', simpleResolvers: true })
export class RequestResumeArchiveUploadPayload {
  @Field(() => ResumeArchiveUpload, { description: 'What to do next.' })
  upload!: ResumeArchiveUpload;
}

@ObjectType({ description: 'A restore that was asked for.', simpleResolvers: true })
export class RestoreResumesPayload {
  @Field(() => ResumeRestore, { description: 'Ask for it by its id until it is done.' })
  restore!: ResumeRestore;
}

@ObjectType({ description: 'A check that was asked for.', simpleResolvers: true })
export class CheckResumesPayload {
  @Field(() => ResumeCheck, { description: 'Ask for it by its id until it is done.' })
  check!: ResumeCheck;
}

interface BackupDependencies {
  readonly backups: BackupManagement;
  readonly reader: BackupReader;
  readonly archives: ArchiveFiles;
  readonly clock: Clock;
  readonly downloadTtlMs: number;
  readonly maxBytes: number;
}

@Resolver(() => ResumeBackup)
export class ResumeBackupResolver {
  readonly #deps: BackupDependencies;

  constructor(deps: BackupDependencies) {
    this.#deps = deps;
  }

  @Query(() => ResumeBackup, { nullable: true, description: 'A backup by id; null where there is none that the caller may have.' })
  async resumeBackup(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<ResumeBackup | null> {
    const backup = await this.#deps.reader.backup(id);
    return backup && (await mayBackUp(context, backup.userId)) ? toBackup(backup) : null;
  }

  @Query(() => [ResumeBackup], {
    description: "A user's backups, newest first, at most ten; the caller's when no user is named. Others: for administrators.",
  })
  async resumeBackups(
    @Ctx() context: ResumesContext,
    @Arg('userId', () => ID, { nullable: true }) userId?: string,
  ): Promise<readonly ResumeBackup[]> {
    const whose = await requireBackUp(context, userId);
    return (await this.#deps.reader.backupsOf(whose.userId)).map(toBackup);
  }

  @Query(() => ResumeRestore, { nullable: true, description: 'A restore by id; null where there is none that the caller may see.' })
  async resumeRestore(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<ResumeRestore | null> {
    const restore = await this.#deps.reader.restore(id);
    return restore && (await mayBackUp(context, restore.userId)) ? toRestore(restore) : null;
  }

  @Query(() => ResumeCheck, { nullable: true, description: 'A check by id. For administrators.' })
  async resumeCheck(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<ResumeCheck | null> {
    await requireCheck(context);
    const check = await this.#deps.reader.check(id);
    return check && toCheck(check);
  }

  @Query(() => [ResumeCheck], { description: 'The last twenty checks, newest first. For administrators.' })
  async resumeChecks(@Ctx() context: ResumesContext): Promise<readonly ResumeCheck[]> {
    await requireCheck(context);
    return (await this.#deps.reader.checks()).map(toCheck);
  }

  @Directive(BACKUP_COST)
  @Mutation(() => RequestResumeBackupPayload, {
    description: 'Has one resume, or all of a user, written into an archive with their files. For the owner, and administrators.',
  })
  async requestResumeBackup(
    @Ctx() context: ResumesContext,
    @Arg('input', () => RequestResumeBackupInput, { nullable: true }) input?: RequestResumeBackupInput,
  ): Promise<RequestResumeBackupPayload> {
    const { resumeId, userId } = input ?? {};
    if (resumeId == null) {
      const { by, userId: whose } = await requireBackUp(context, userId);
      return { backup: toBackup(await this.#deps.backups.request({ userId: whose, resumeId: null }, by.userId)) };
    }
    const by = await requireResume(context, 'backup', resumeId);
    const resume = await context.loaders.resume.load(resumeId);
    if (!resume || (userId != null && userId !== resume.userId)) throw new ResumeNotFound(resumeId);
    return { backup: toBackup(await this.#deps.backups.request({ userId: resume.userId, resumeId }, by.userId)) };
  }

  @Mutation(() => DeleteResumeBackupPayload, { description: 'Deletes a backup and its archive. For its user, and administrators.' })
  async deleteResumeBackup(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<DeleteResumeBackupPayload> {
    await this.#requireBackup(context, id);
    await this.#deps.backups.remove(id);
    return { deletedId: id };
  }

  @Mutation(() => RequestResumeArchiveUploadPayload, {
    description: 'Prepares the upload of an archive that a backup made: send it to the URL with PUT, then call restoreResumes.',
  })
  async requestResumeArchiveUpload(
    @Arg('input', () => RequestResumeArchiveUploadInput) { sizeBytes, userId }: RequestResumeArchiveUploadInput,
    @Ctx() context: ResumesContext,
  ): Promise<RequestResumeArchiveUploadPayload> {
    const { by, userId: whose } = await requireBackUp(context, userId);
    const { restore, target } = await this.#deps.backups.requestUpload({ userId: whose, sizeBytes }, by.userId);
    return {
      upload: {
        id: restore.id,
        url: target.url,
        headers: Object.entries(target.headers).map(([name, value]) => ({ name, value })),
        maxBytes: this.#deps.maxBytes,
        expiresAt: restore.expiresAt,
      },
    };
  }

  @Directive(BACKUP_COST)
  @Mutation(() => RestoreResumesPayload, {
    description:
      'Restores resumes from a backup, or from an archive that was uploaded: all of it, once every checksum was found right, or nothing. For their user, and administrators.',
  })
  async restoreResumes(
    @Arg('input', () => RestoreResumesInput) { backupId, uploadId, policy: asked }: RestoreResumesInput,
    @Ctx() context: ResumesContext,
  ): Promise<RestoreResumesPayload> {
    const policy = restorePolicies.find((one) => one.toUpperCase() === asked) ?? 'skip';
    if ((backupId == null) === (uploadId == null))
      throw new LoomError('BAD_USER_INPUT', 'Name a backup (backupId) or an archive that was uploaded (uploadId), one of the two.', {
        details: { argument: 'input' },
      });
    if (backupId != null) {
      const by = await this.#requireBackup(context, backupId);
      return { restore: toRestore(await this.#deps.backups.restoreBackup(backupId, policy, by.userId)) };
    }
    const id = uploadId as string; // one of the two is given
    const kept = await this.#deps.reader.restore(id);
    requireIdentity(context.identity);
    if (!kept || !(await mayBackUp(context, kept.userId))) throw new RestoreNotFound(id);
    return { restore: toRestore(await this.#deps.backups.restoreUpload(id, policy)) };
  }

  @Directive(BACKUP_COST)
  @Mutation(() => CheckResumesPayload, {
    description:
      'Compares the record of all resumes with their files and, by a job of the sync engine, with their vectors; repairs what can be, where that is asked for. For administrators.',
  })
  async checkResumes(
    @Ctx() context: ResumesContext,
    @Arg('input', () => CheckResumesInput, { nullable: true }) input?: CheckResumesInput,
  ): Promise<CheckResumesPayload> {
    const { userId } = await requireCheck(context);
    const depth = checkDepths.find((one) => one.toUpperCase() === input?.depth) ?? 'content';
    return { check: toCheck(await this.#deps.backups.check({ depth, repair: input?.repair ?? false }, userId)) };
  }

  @FieldResolver(() => ResumeArchiveDownload, {
    nullable: true,
    description: 'Where to fetch the archive for a while; null until it is done.',
  })
  async download(@Root() { record }: ResumeBackup): Promise<ResumeArchiveDownload | null> {
    if (record.state !== 'done') return null;
    const { archives, clock, downloadTtlMs } = this.#deps;
    const expiresAt = new Date(clock.now().getTime() + downloadTtlMs);
    return { url: await archives.downloadUrl(record, Math.ceil(downloadTtlMs / 1_000)), expiresAt };
  }

  /** @throws BackupNotFound for whoever may not have it, too */
  async #requireBackup(context: ResumesContext, id: string): Promise<Identity> {
    const identity = requireIdentity(context.identity);
    const backup = await this.#deps.reader.backup(id);
    if (!backup || !(await mayBackUp(context, backup.userId))) throw new BackupNotFound(id);
    return identity;
  }
}

const requireCheck = ({ authorizer, identity }: ResumesContext): Promise<Identity> =>
  requirePermission(authorizer, identity, { action: 'check', resource: { type: 'resume' } });

async function mayBackUp({ authorizer, identity }: ResumesContext, ownerId: string): Promise<boolean> {
  return (await authorizer.check(identity, 'backup', { type: 'resume', ownerId })).allowed;
}

/** The user whose resumes they are, the caller where none is named, and who asks. @throws LoomError UNAUTHENTICATED, FORBIDDEN */
async function requireBackUp(context: ResumesContext, userId: string | null | undefined): Promise<{ by: Identity; userId: string }> {
  const ownerId = userId ?? requireIdentity(context.identity).userId;
  const by = await requirePermission(context.authorizer, context.identity, { action: 'backup', resource: { type: 'resume', ownerId } });
  return { by, userId: ownerId };
}

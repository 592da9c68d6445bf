import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Backup as BackupRecord } from '../domain/backups/backup.js';
import { UploadHeader } from './resume.mutations.js';

export enum ResumeWorkState {
  WAITING = 'WAITING',
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(ResumeWorkState, {
  name: 'ResumeWorkState',
  description: 'How far work on resumes is that outlives its request.',
  valuesConfig: {
    WAITING: { description: 'Its archive is waited for.' },
    QUEUED: { description: 'Nobody does it yet.' },
    RUNNING: { description: 'It is being done; a process that is killed leaves it to another.' },
    DONE: { description: 'It is done.' },
    FAILED: { description: 'It cannot be done; `reason` says why.' },
  },
});

export enum ResumeBackupFailure {
  NOTHING = 'NOTHING',
  TOO_LARGE = 'TOO_LARGE',
  DAMAGED = 'DAMAGED',
  INTERNAL = 'INTERNAL',
}
registerEnumType(ResumeBackupFailure, {
  name: 'ResumeBackupFailure',
  description: 'Why there is no backup; `detail` names what it is about.',
  valuesConfig: {
    NOTHING: { description: 'There is no resume.' },
    TOO_LARGE: { description: 'There is more than one archive takes: back up one resume at a time.' },
    DAMAGED: { description: 'A file is missing, or not what was uploaded.' },
    INTERNAL: { description: 'It failed several times; the log says how.' },
  },
});

export enum ResumeRestorePolicy {
  SKIP = 'SKIP',
  REPLACE = 'REPLACE',
  COPY = 'COPY',
}
registerEnumType(ResumeRestorePolicy, {
  name: 'ResumeRestorePolicy',
  description: 'What becomes of a resume of the archive whose id is taken.',
  valuesConfig: {
    SKIP: { description: 'The one that is there stays as it is.' },
    REPLACE: { description: 'It becomes what the archive has: other versions of it are deleted, damaged files are put back.' },
    COPY: { description: 'It stays, and the one of the archive is made beside it, under another id.' },
  },
});

export enum ResumeRestoreFailure {
  MISSING = 'MISSING',
  TOO_LARGE = 'TOO_LARGE',
  BROKEN = 'BROKEN',
  MANIFEST = 'MANIFEST',
  NEWER_VERSION = 'NEWER_VERSION',
  OWNER = 'OWNER',
  ENTRIES = 'ENTRIES',
  CHECKSUM = 'CHECKSUM',
  FILE = 'FILE',
  INFECTED = 'INFECTED',
  INTERNAL = 'INTERNAL',
}
registerEnumType(ResumeRestoreFailure, {
  name: 'ResumeRestoreFailure',
  description: 'Why nothing was restored; `detail` names what it is about.',
  valuesConfig: {
    MISSING: { description: 'The archive was not uploaded, or is gone.' },
    TOO_LARGE: { description: 'The archive, a file of it, or all of them together are larger than is taken.' },
    BROKEN: { description: 'It is no ZIP archive, or a damaged one.' },
    MANIFEST: { description: 'Its manifest is not there, or none of a backup of resumes.' },
    NEWER_VERSION: { description: 'A newer release made it.' },
    OWNER: { description: 'It has the resumes of another user.' },
    ENTRIES: { description: 'It holds what its manifest does not name, lacks what it names, or has entries that are not taken.' },
    CHECKSUM: { description: 'A file, or the archive, is not what was backed up.' },
    FILE: { description: 'A file is none that would be taken as an upload.' },
    INFECTED: { description: 'The virus scanner refuses a file.' },
    INTERNAL: { description: 'It failed several times; the log says how.' },
  },
});

export enum ResumeRestoreResult {
  RESTORED = 'RESTORED',
  REPLACED = 'REPLACED',
  UNCHANGED = 'UNCHANGED',
  COPIED = 'COPIED',
  SKIPPED = 'SKIPPED',
  CONFLICT = 'CONFLICT',
}
registerEnumType(ResumeRestoreResult, {
  name: 'ResumeRestoreResult',
  description: 'What became of a resume of an archive.',
  valuesConfig: {
    RESTORED: { description: 'It was gone, and is there again under its id.' },
    REPLACED: { description: 'The one that was there became what the archive has.' },
    UNCHANGED: { description: 'The one that is there is what the archive has; damaged files were put back.' },
    COPIED: { description: 'It was made under another id.' },
    SKIPPED: { description: 'The one that is there stayed as it is.' },
    CONFLICT: { description: 'Its id, or that of a version, belongs to something else: COPY restores it.' },
  },
});

export enum ResumeCheckDepth {
  SIZE = 'SIZE',
  CONTENT = 'CONTENT',
}
registerEnumType(ResumeCheckDepth, {
  name: 'ResumeCheckDepth',
  description: 'How far files are looked at.',
  valuesConfig: {
    SIZE: { description: 'Whether each is there, with its size.' },
    CONTENT: { description: 'Each is read, and its checksum compared.' },
  },
});

export enum ResumeFileProblem {
  MISSING = 'MISSING',
  WRONG_SIZE = 'WRONG_SIZE',
  WRONG_CHECKSUM = 'WRONG_CHECKSUM',
  ORPHAN = 'ORPHAN',
}
registerEnumType(ResumeFileProblem, {
  name: 'ResumeFileProblem',
  description: 'In what a file differs from the record.',
  valuesConfig: {
    MISSING: { description: 'It is not there.' },
    WRONG_SIZE: { description: 'It has another size.' },
    WRONG_CHECKSUM: { description: 'It has another content.' },
    ORPHAN: { description: 'It is there, and no version names it.' },
  },
});

@ObjectType({ description: 'Where an archive can be fetched for a while.', simpleResolvers: true })
export class ResumeArchiveDownload {
  @Field(() => String, { description: 'A link that needs no token.' })
  url!: string;

  @Field(() => GraphQLISODateTime, { description: 'From when on it is refused.' })
  expiresAt!: Date;
}

@ObjectType({
  description: 'One resume, or all of a user, with their files in one archive. For that user, and administrators.',
  simpleResolvers: true,
})
export class ResumeBackup {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Whose resumes they are.' })
  userId!: string;

  @Field(() => ID, { nullable: true, description: 'The one resume; null for all.' })
  resumeId!: string | null;

  @Field(() => ID, { description: 'Who asked for it.' })
  requestedBy!: string;

  @Field(() => ResumeWorkState, { description: 'How far it is.' })
  state!: ResumeWorkState;

  @Field(() => ResumeBackupFailure, { nullable: true, description: 'Why it failed.' })
  reason!: ResumeBackupFailure | null;

  @Field(() => String, { nullable: true, description: 'What the reason is about.' })
  detail!: string | null;

  @Field(() => Int, { description: 'Resumes in it.' })
  resumes!: number;

  @Field(() => Int, { description: 'Files written so far.' })
  done!: number;

  @Field(() => Int, { description: 'Files in all.' })
  total!: number;

  @Field(() => Int, { nullable: true, description: 'Size of the archive in bytes; null until it is done.' })
  sizeBytes!: number | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the archive, in hex; null until it is done.' })
  sha256!: string | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'Since when it is as it is.' })
  updatedAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When the archive is deleted, and the backup forgotten.' })
  expiresAt!: Date;

  /** Not a field: its link is made of it. */
  record!: BackupRecord;
}

@ObjectType({ description: 'What became of a resume of an archive.', simpleResolvers: true })
export class ResumeRestoreOutcome {
  @Field(() => ID, { description: 'Its id in the archive.' })
  resumeId!: string;

  @Field(() => String, { description: 'Its title in the archive.' })
  title!: string;

  @Field(() => ResumeRestoreResult, { description: 'What became of it.' })
  result!: ResumeRestoreResult;

  @Field(() => ID, { nullable: true, description: 'The resume that has it now; null where it was left out.' })
  restoredId!: string | null;

  @Field(() => Int, { description: 'Versions that were written.' })
  versions!: number;
}

@ObjectType({ description: 'Resumes that are restored from an archive. For their user, and administrators.', simpleResolvers: true })
export class ResumeRestore {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Whose resumes they are.' })
  userId!: string;

  @Field(() => ID, { description: 'Who asked for it.' })
  requestedBy!: string;

  @Field(() => ID, { nullable: true, description: 'The backup it is from; null where an archive was uploaded.' })
  backupId!: string | null;

  @Field(() => ResumeRestorePolicy, { nullable: true, description: 'What becomes of resumes that are there; null while it waits.' })
  policy!: ResumeRestorePolicy | null;

  @Field(() => ResumeWorkState, { description: 'How far it is.' })
  state!: ResumeWorkState;

  @Field(() => ResumeRestoreFailure, { nullable: true, description: 'Why it failed; then nothing was restored.' })
  reason!: ResumeRestoreFailure | null;

  @Field(() => String, { nullable: true, description: 'What the reason is about.' })
  detail!: string | null;

  @Field(() => Int, { description: 'Files seen to so far.' })
  done!: number;

  @Field(() => Int, { description: 'Files in all; 0 until every checksum was found right.' })
  total!: number;

  @Field(() => [ResumeRestoreOutcome], { description: 'Every resume of the archive; empty unless it is done.' })
  outcomes!: readonly ResumeRestoreOutcome[];

  @Field(() => GraphQLISODateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'Since when it is as it is.' })
  updatedAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'Until then its archive can be sent; once it is asked for, when it is forgotten.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'Where an archive is to be sent.', simpleResolvers: true })
export class ResumeArchiveUpload {
  @Field(() => ID, { description: 'Restore from it by this id; it becomes the id of the restore.' })
  id!: string;

  @Field(() => String, { description: 'Send the archive there, whole, with PUT; no token is needed.' })
  url!: string;

  @Field(() => [UploadHeader], { description: 'Headers the request must carry.' })
  headers!: readonly UploadHeader[];

  @Field(() => Int, { description: 'Larger archives are refused.' })
  maxBytes!: number;

  @Field(() => GraphQLISODateTime, { description: 'From when on the URL is refused.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'A file that differs from the record.', simpleResolvers: true })
export class ResumeCheckFinding {
  @Field(() => ResumeFileProblem, { description: 'In what.' })
  problem!: ResumeFileProblem;

  @Field(() => ID, { nullable: true, description: 'The version; of an orphan, what its key names as one.' })
  versionId!: string | null;

  @Field(() => Boolean, { description: 'Whether it was made right: put back from a backup, or an orphan deleted.' })
  repaired!: boolean;
}

@ObjectType({ description: 'A comparison of all resumes with their files and vectors. For administrators.', simpleResolvers: true })
export class ResumeCheck {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Who asked for it.' })
  requestedBy!: string;

  @Field(() => ResumeCheckDepth, { description: 'How far files are looked at.' })
  depth!: ResumeCheckDepth;

  @Field(() => Boolean, { description: 'Whether what differs is made right where that can be done.' })
  repair!: boolean;

  @Field(() => ResumeWorkState, { description: 'How far the comparison with files is.' })
  state!: ResumeWorkState;

  @Field(() => Int, { description: 'Versions that were looked at.' })
  versions!: number;

  @Field(() => Int, { description: 'Objects that were looked at.' })
  objects!: number;

  @Field(() => Int, { description: 'Versions whose file is not there.' })
  missing!: number;

  @Field(() => Int, { description: 'Versions whose file has another size.' })
  wrongSize!: number;

  @Field(() => Int, { description: 'Versions whose file has another content.' })
  wrongChecksum!: number;

  @Field(() => Int, { description: 'Objects that no version names, older than a day.' })
  orphans!: number;

  @Field(() => Int, { description: 'Of all these, those that were made right.' })
  repaired!: number;

  @Field(() => [ResumeCheckFinding], { description: 'The first hundred of them.' })
  findings!: readonly ResumeCheckFinding[];

  @Field(() => ID, { description: 'The job that compares the vectors: syncJob has what it finds.' })
  syncJobId!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'Since when it is as it is.' })
  updatedAt!: Date;
}

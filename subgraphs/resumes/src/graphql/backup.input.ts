import { MaxLength } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';
import { ResumeCheckDepth, ResumeRestorePolicy } from './backup.type.js';

@InputType({ description: 'What is to be backed up; without anything all resumes of the caller.' })
export class RequestResumeBackupInput {
  @Field(() => ID, { nullable: true, description: 'This resume only.' })
  @MaxLength(64)
  resumeId?: string;

  @Field(() => ID, { nullable: true, description: 'All of this user. Others than the caller: for administrators.' })
  @MaxLength(64)
  userId?: string;
}

@InputType({ description: 'An archive that is to be uploaded, to restore from it.' })
export class RequestResumeArchiveUploadInput {
  @Field(() => Int, { description: 'Its size in bytes.' })
  sizeBytes!: number;

  @Field(() => ID, { nullable: true, description: 'Whose resumes they are; the caller unless stated. Others: for administrators.' })
  @MaxLength(64)
  userId?: string;
}

@InputType({ description: 'What is to be restored from: a backup, or an archive that was uploaded.' })
export class RestoreResumesInput {
  @Field(() => ID, { nullable: true, description: 'A backup that is done.' })
  @MaxLength(64)
  backupId?: string;

  @Field(() => ID, { nullable: true, description: 'An upload of requestResumeArchiveUpload.' })
  @MaxLength(64)
  uploadId?: string;

  @Field(() => ResumeRestorePolicy, { defaultValue: ResumeRestorePolicy.SKIP, description: 'What becomes of resumes that are there.' })
  policy!: ResumeRestorePolicy;
}

@InputType({ description: 'How resumes are to be checked.' })
export class CheckResumesInput {
  @Field(() => ResumeCheckDepth, { defaultValue: ResumeCheckDepth.CONTENT, description: 'How far files are looked at.' })
  depth!: ResumeCheckDepth;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Puts files back from backups that have them, deletes orphans, and writes vectors anew that differ.',
  })
  repair!: boolean;
}

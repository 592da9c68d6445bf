import { defineEntity, p } from '@mikro-orm/core';
import { JobEntity } from './jobs/job.entity.js';

export const ResumeEntity = defineEntity({
  name: 'ResumeEntity',
  tableName: 'resume',
  properties: {
    id: p.string().length(36).primary(),
    userId: p.string().length(64),
    title: p.string().length(200),
    language: p.string().length(35),
    lastNumber: p.integer(),
    latestVersionId: p.string().length(36).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    revision: p.integer().version(),
  },
});

const fileProperties = {
  id: p.string().length(36).primary(),
  resumeId: p.string().length(36),
  userId: p.string().length(64),
  fileName: p.string().length(255),
  contentType: p.string().length(100),
  sizeBytes: p.integer(),
  comment: p.string().length(1000),
  createdBy: p.string().length(64),
  createdAt: p.datetime(3),
};

export const ResumeVersionEntity = defineEntity({
  name: 'ResumeVersionEntity',
  tableName: 'resume_version',
  properties: {
    ...fileProperties,
    number: p.integer().fieldName('version_number'),
    sha256: p.string().length(64),
    objectKey: p.string().length(1024),
  },
});

export const ResumeUploadEntity = defineEntity({
  name: 'ResumeUploadEntity',
  tableName: 'resume_upload',
  properties: { ...fileProperties, expiresAt: p.datetime(3) },
});

export const ShareLinkEntity = defineEntity({
  name: 'ShareLinkEntity',
  tableName: 'resume_share_link',
  properties: {
    id: p.string().length(36).primary(),
    resumeId: p.string().length(36),
    versionId: p.string().length(36).nullable(),
    tokenHash: p.string().length(64),
    createdBy: p.string().length(64),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
    uses: p.integer().fieldName('use_count'),
  },
});

/** A group that may read the resume. */
export const ResumeGroupEntity = defineEntity({
  name: 'ResumeGroupEntity',
  tableName: 'resume_group',
  properties: {
    resumeId: p.string().length(36).primary(),
    groupId: p.string().length(64).primary(),
    addedBy: p.string().length(64),
    addedAt: p.datetime(3),
  },
});

/** What was found in a version; everything but its state is JSON, written and read as a whole. */
export const UnderstandingEntity = defineEntity({
  name: 'UnderstandingEntity',
  tableName: 'resume_understanding',
  properties: {
    versionId: p.string().length(36).primary(),
    resumeId: p.string().length(36),
    userId: p.string().length(64),
    state: p.string().length(16),
    reason: p.string().length(16).nullable(),
    extractor: p.integer(),
    text: p.text().nullable(),
    jsonResume: p.text().nullable(),
    analysis: p.text().nullable(),
    updatedAt: p.datetime(3),
  },
});

/** A part of the newest version that was understood, as it is searched: its kind of section, and where in the text it stands. */
export const PassageEntity = defineEntity({
  name: 'PassageEntity',
  tableName: 'resume_passage',
  properties: {
    id: p.string().length(36).primary(),
    resumeId: p.string().length(36),
    versionId: p.string().length(36),
    kind: p.string().length(16),
    start: p.integer().fieldName('span_start'),
    end: p.integer().fieldName('span_end'),
    revision: p.integer().version(),
  },
});

/** The texts are read by themselves, for those of a list that they are asked of; `result` is JSON. */
export const SuggestionEntity = defineEntity({
  name: 'SuggestionEntity',
  tableName: 'resume_suggestion',
  properties: {
    id: p.string().length(36).primary(),
    userId: p.string().length(64),
    ownerId: p.string().length(64),
    resumeId: p.string().length(36),
    versionId: p.string().length(36),
    jobTitle: p.string().length(200),
    locale: p.string().length(35),
    state: p.string().length(16),
    reason: p.string().length(16).nullable(),
    score: p.integer().nullable(),
    analyser: p.string().length(64).nullable(),
    analyserVersion: p.string().length(64).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    jobText: p.text().lazy(),
    result: p.text().nullable().lazy(),
  },
});

export const SuggestionFeedbackEntity = defineEntity({
  name: 'SuggestionFeedbackEntity',
  tableName: 'resume_suggestion_feedback',
  properties: {
    suggestionId: p.string().length(36).primary(),
    userId: p.string().length(64).primary(),
    isHelpful: p.boolean(),
    comment: p.string().length(1000),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});

export const ResumeBackupEntity = defineEntity({
  name: 'ResumeBackupEntity',
  tableName: 'resume_backup',
  properties: {
    id: p.string().length(36).primary(),
    userId: p.string().length(64),
    resumeId: p.string().length(36).nullable(),
    requestedBy: p.string().length(64),
    state: p.string().length(16),
    reason: p.string().length(16).nullable(),
    detail: p.string().length(500).nullable(),
    resumes: p.integer(),
    done: p.integer(),
    total: p.integer(),
    sizeBytes: p.integer().nullable(),
    sha256: p.string().length(64).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});

/** `outcomes` is JSON. */
export const ResumeRestoreEntity = defineEntity({
  name: 'ResumeRestoreEntity',
  tableName: 'resume_restore',
  properties: {
    id: p.string().length(36).primary(),
    userId: p.string().length(64),
    requestedBy: p.string().length(64),
    backupId: p.string().length(36).nullable(),
    policy: p.string().length(16).nullable(),
    state: p.string().length(16),
    reason: p.string().length(16).nullable(),
    detail: p.string().length(500).nullable(),
    done: p.integer(),
    total: p.integer(),
    outcomes: p.text(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});

/** `figures` is JSON. */
export const ResumeCheckEntity = defineEntity({
  name: 'ResumeCheckEntity',
  tableName: 'resume_check',
  properties: {
    id: p.string().length(36).primary(),
    requestedBy: p.string().length(64),
    depth: p.string().length(16),
    repair: p.boolean(),
    state: p.string().length(16),
    figures: p.text(),
    syncJobId: p.string().length(64),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});

export const entities = [
  ResumeEntity,
  ResumeVersionEntity,
  ResumeUploadEntity,
  ShareLinkEntity,
  ResumeGroupEntity,
  UnderstandingEntity,
  PassageEntity,
  SuggestionEntity,
  SuggestionFeedbackEntity,
  JobEntity,
  ResumeBackupEntity,
  ResumeRestoreEntity,
  ResumeCheckEntity,
];

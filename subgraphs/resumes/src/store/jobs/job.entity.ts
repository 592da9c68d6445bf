import { defineEntity, p } from '@mikro-orm/core';

/** The texts are read by themselves, for those of a list that they are asked of; `reading` is JSON. */
export const JobEntity = defineEntity({
  name: 'JobEntity',
  tableName: 'job_posting',
  properties: {
    id: p.string().length(36).primary(),
    companyId: p.string().length(64),
    companyName: p.string().length(200),
    postedBy: p.string().length(64),
    title: p.string().length(200),
    country: p.string().length(2).nullable(),
    city: p.string().length(100).nullable(),
    workMode: p.string().length(16),
    salaryMin: p.integer().nullable(),
    salaryMax: p.integer().nullable(),
    salaryCurrency: p.string().length(3).nullable(),
    salaryPeriod: p.string().length(8).nullable(),
    status: p.string().length(16),
    postedAt: p.datetime(3).nullable(),
    expiresAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    revision: p.integer().version(),
    readingVersion: p.string().length(32),
    text: p.text().fieldName('posting').lazy(),
    reading: p.text().lazy(),
  },
});

import { defineRecord } from '@loomgraph/sync';
import { PassageEntity, ResumeEntity } from './entities.js';
import { JobEntity } from './jobs/job.entity.js';

/** The records of this subgraph whose changes reach the other stores. */
export const resumeRecord = defineRecord('Resume', ResumeEntity);
/** A part of a resume that is searched: the one document of the vectors that it becomes is kept, checked and removed as any record's is. */
export const passageRecord = defineRecord('ResumePassage', PassageEntity);
export const jobRecord = defineRecord('Job', JobEntity);
export const records = [resumeRecord, passageRecord, jobRecord];

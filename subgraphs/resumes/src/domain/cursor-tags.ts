import type { JobOrder } from './jobs/ports.js';
import type { ResumeOrder } from './ports.js';

/** Cursors carry the tag of their list and order, so that another order refuses them. */
export const resumeCursorTag = (order: ResumeOrder): string => `r:${order.field}:${order.direction}`;
export const versionCursorTag = 'v';
export const suggestionCursorTag = 's';
export const jobCursorTag = (order: JobOrder): string => `j:${order.field}:${order.direction}`;
/** A place in the answer to one question is none in that to another. @param question a digest of it */
export const searchCursorTag = (question: string): string => `q:${question}`;

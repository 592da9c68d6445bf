import { createHash } from 'node:crypto';
import { cutWords } from '../../src/adapters/word-cutter.js';
import type { Job } from '../../src/domain/jobs/job.js';
import { createPostingReader, type Reading } from '../../src/domain/jobs/read-posting.js';
import { jobOf } from './suggestion-texts.js';

export const readPosting = createPostingReader({ cut: cutWords, sha256: (text) => createHash('sha256').update(text).digest('hex') });

/** A posting that is published; its text's first line is its title. */
export function postingOf(lines: string, more: Partial<Job> = {}): { readonly job: Job; readonly reading: Reading } {
  const { text } = jobOf(lines);
  const at = new Date('2026-01-01T00:00:00Z');
  const job: Job = {
    id: 'job',
    companyId: 'acme',
    companyName: 'Acme',
    postedBy: 'rita',
    title: text.split('\n')[0] ?? '',
    country: null,
    city: null,
    workMode: 'onsite',
    salary: null,
    status: 'published',
    postedAt: at,
    expiresAt: null,
    createdAt: at,
    updatedAt: at,
    revision: 1,
    ...more,
  };
  return { job, reading: readPosting(text) };
}

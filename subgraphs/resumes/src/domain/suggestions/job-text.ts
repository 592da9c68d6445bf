import { toText } from '../understanding/text.js';
import { JobEmpty, JobTooLong } from './errors.js';
import { suggestionLimits } from './suggestion.js';

/** A job as it is read and kept, in the form that resumes have: its title is the first line of the text. */
export interface JobText {
  readonly title: string;
  readonly text: string;
}

/**
 * @param fields what the caller calls its two parts
 * @throws JobEmpty, JobTooLong
 */
export function jobTextOf(
  jobTitle: string,
  jobDescription: string,
  fields = { title: 'jobTitle', description: 'jobDescription' },
): JobText {
  // Before it is taken apart: normalizing megabytes would be work for whoever sends them.
  const given = bytesOf(jobTitle) + bytesOf(jobDescription);
  if (given > suggestionLimits.jobBytes) throw new JobTooLong(given);
  const title = toText(jobTitle.split(LINE_END)).replaceAll('\n', ' ').slice(0, suggestionLimits.jobTitleLength).toWellFormed();
  const description = toText(jobDescription.split(LINE_END));
  if (title === '') throw new JobEmpty(fields.title);
  if (description === '') throw new JobEmpty(fields.description);
  const text = `${title}\n${description}`;
  // One character may become several words in its normal form.
  const bytes = bytesOf(text);
  if (bytes > suggestionLimits.jobBytes) throw new JobTooLong(bytes);
  return { title, text };
}

const LINE_END = /\r\n?|\n/;
const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

import { createHash } from 'node:crypto';
import { plantedLanguages, plantedLayouts, plantResume } from '@loomgraph/testing';
import type { Random } from '../../../harness/random.ts';
import type { Expected } from '../journal.ts';

export interface DrillFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly expected: Expected;
}

const MARKDOWN = `# Ann Example
Senior Backend Engineer
ann@example.com
## Work experience
Acme Technologies Inc.    Mar 2019 - Dec 2023
Senior Software Engineer
- Built microservices in Java with Kafka and PostgreSQL
## Skills
Java, Go, Docker, Redis`;

/** A file that no other upload of the run has: found in two places, it was stored twice. */
export async function makeFile(mark: string, random: Random): Promise<DrillFile> {
  const drawn = random.next();
  if (drawn < 0.35) return markdown(mark);
  // What begins as a PDF and is none passes the sniffing, and is found broken when it is read.
  if (drawn < 0.45) return hashed('broken.pdf', 'application/pdf', Buffer.from(`%PDF-1.7\n${mark}\n%%EOF\n`), 'broken');
  const format = drawn < 0.75 ? 'pdf' : 'docx';
  const kind = { language: random.pick(plantedLanguages), layout: random.pick(plantedLayouts), format } as const;
  const { fileName, mimeType, content } = await plantResume(random.integer(1, 100_000), kind);
  // Readers of PDF pass over what follows its end, those of ZIP do not.
  const isPdf = format === 'pdf';
  const unique = isPdf ? Buffer.concat([content, Buffer.from(`% ${mark}\n`)]) : content;
  return hashed(isPdf ? fileName : `${mark} ${fileName}`, mimeType, unique, 'done');
}

export const markdown = (mark: string): DrillFile => hashed('简历.md', 'text/markdown', Buffer.from(`${MARKDOWN}\n\n${mark}\n`), 'done');

/** Says that it is text, and is not: refused when it is completed. */
export const notText = (mark: string): DrillFile => hashed('cv.txt', 'text/plain', Buffer.from(`${mark}\0\0`), 'broken');

function hashed(fileName: string, mimeType: string, content: Uint8Array, expected: Expected): DrillFile {
  return { fileName, mimeType, content, expected, sha256: createHash('sha256').update(content).digest('hex') };
}

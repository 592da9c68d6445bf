import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import { FileRefused } from '../domain/errors.js';
import type { FileInspector } from '../domain/ports.js';

/** Looks at what is in a file, whatever it is called. */
export const fileInspector: FileInspector = {
  sha256: (content) => createHash('sha256').update(content).digest('hex'),
  async check(content, declared) {
    const found = (await recognised(content))?.mime;
    if (!declared.isText) {
      if (found === declared.contentType) return;
      throw new FileRefused(
        'type',
        `The file is not what its name says: its content is ${found ?? 'no known format'}, not ${declared.contentType}.`,
        {
          declared: declared.contentType,
          ...(found === undefined ? {} : { found }),
        },
      );
    }
    // What recognises formats takes XML for one, which text may begin with, too.
    if (found !== undefined && found !== 'application/xml')
      throw new FileRefused('type', `The file is not what its name says: its content is ${found}, not text.`, {
        declared: declared.contentType,
        found,
      });
    const text = decoded(content);
    if (declared.contentType === 'application/json') parsed(text);
  },
};

/** A file that breaks the look at it is of no known format. */
async function recognised(content: Uint8Array): Promise<{ readonly mime: string } | undefined> {
  try {
    return await fileTypeFromBuffer(content);
  } catch {
    return undefined;
  }
}

function decoded(content: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new FileRefused('type', 'The file is no UTF-8 text: save it as UTF-8.', { encoding: 'utf-8' });
  }
  if (text.includes('\0')) throw new FileRefused('type', 'The file holds the character U+0000: it is no text.');
  return text;
}

function parsed(text: string): void {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  } catch {
    // falls through: no JSON is the same mistake as JSON that is no object
  }
  throw new FileRefused('type', 'The file is no JSON Resume: it has to be one JSON object.');
}

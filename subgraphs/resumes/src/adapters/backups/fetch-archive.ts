import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Objects } from '@loomgraph/stores/objects';
import { ArchiveRefused } from './archive-refused.js';

/** A copy of an archive on the disk of this process; it goes when it is disposed of. */
export interface FetchedArchive extends AsyncDisposable {
  readonly path: string;
  readonly sha256: string;
}

/**
 * What is checked and what is restored must be the same bytes, and whoever uploaded an archive can send another one while its URL lasts.
 * @throws ArchiveRefused `missing`, `too-large`
 */
export async function fetchArchive(objects: Objects, key: string, maxBytes: number, signal: AbortSignal): Promise<FetchedArchive> {
  const found = await objects.get(key);
  if (!found) throw new ArchiveRefused('missing', 'There is no archive: send it to the URL of the upload with PUT first.');
  if (found.info.sizeBytes > maxBytes) {
    found.body.destroy();
    throw new ArchiveRefused('too-large', `The archive has ${found.info.sizeBytes} bytes, ${maxBytes} are the most.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'loomgraph-restore-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'archive.zip');
    const hash = createHash('sha256');
    await pipeline(
      found.body,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
      { signal },
    );
    return { path, sha256: hash.digest('hex'), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

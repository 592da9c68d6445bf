import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ArchiveEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Its content, read when it is its turn: one is in memory at a time. */
  readonly read: () => Promise<Uint8Array>;
}

export interface WrittenArchive {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Writes a ZIP into `sink` as it is made. Its entries are stored as they are: most files of resumes are compressed in themselves.
 * @throws what `read` or `sink` rejects with; then there is no archive
 */
export async function writeArchive(
  entries: readonly ArchiveEntry[],
  sink: (body: Readable) => Promise<unknown>,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const zip = new ZipFile();
  const output = new PassThrough();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const { name, sizeBytes: size, modifiedAt, read } of entries)
    zip.addReadStreamLazy(name, { size, mtime: modifiedAt, compress: false }, (give) => {
      if (signal.aborted) return give(signal.reason as Error, Readable.from([]));
      read().then(
        (content) => give(null, Readable.from([content], { objectMode: false })),
        (error: Error) => give(error, Readable.from([])),
      );
    });
  zip.end();
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  const body = new PassThrough();
  zip.outputStream.pipe(output);
  await Promise.all([pipeline(output, counted, body), sink(body)]);
  return { sizeBytes, sha256: hash.digest('hex') };
}

import { createHash } from 'node:crypto';
import { open, type Entry, type ZipFile } from 'yauzl';
import { backupLimits } from '../../domain/backups/backup.js';
import { limits } from '../../domain/resume.js';
import { ArchiveRefused } from './archive-refused.js';
import { MANIFEST, parseManifest, type Manifest, type ManifestVersion } from './manifest.js';

/** An archive that was opened, and holds what its manifest says and nothing else; what is in its files is not looked at yet. */
export interface OpenArchive extends Disposable {
  readonly manifest: Manifest;
  /** @throws ArchiveRefused `checksum`, `broken` */
  read(version: ManifestVersion): Promise<Uint8Array>;
}

const MOST_ENTRIES = backupLimits.resumes * limits.versions + 1;
const STORED = 0;
const DEFLATED = 8;

/**
 * Opens a ZIP that anybody may have made. Nothing of it is ever unpacked to a path: entries are found by the names that the manifest gives them.
 * An entry that inflates to more than it says breaks off there, and none says more than `maxFileBytes`, or all together more than `maxBytes`.
 * @throws ArchiveRefused
 */
export async function openArchive(
  path: string,
  { maxFileBytes, maxBytes }: { readonly maxFileBytes: number; readonly maxBytes: number },
): Promise<OpenArchive> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }, (error, opened) =>
      error ? reject(new ArchiveRefused('broken', 'The file is no ZIP archive, or a damaged one.', { cause: error })) : resolve(opened),
    );
  });
  try {
    const entries = await entriesOf(zip);
    const listed = entries.get(MANIFEST);
    if (!listed) throw new ArchiveRefused('manifest', `There is no ${MANIFEST}: the archive is no backup of resumes.`);
    if (listed.uncompressedSize > backupLimits.manifestBytes)
      throw new ArchiveRefused(
        'too-large',
        `${MANIFEST} has ${listed.uncompressedSize} bytes, ${backupLimits.manifestBytes} are the most.`,
      );
    const manifest = parseManifest((await contentOf(zip, listed)).toString('utf8'));
    const versions = manifest.resumes.flatMap((resume) => resume.versions);
    const named = new Set([MANIFEST, ...versions.map(({ entry }) => entry)]);
    for (const name of entries.keys())
      if (!named.has(name)) throw new ArchiveRefused('entries', `${MANIFEST} does not name the entry ${name}.`);
    let total = 0;
    for (const { entry: name, sizeBytes } of versions) {
      const entry = entries.get(name);
      if (!entry) throw new ArchiveRefused('entries', `The entry ${name} is not there.`);
      if (sizeBytes > maxFileBytes) throw new ArchiveRefused('too-large', `${name} has ${sizeBytes} bytes, ${maxFileBytes} are the most.`);
      total += sizeBytes;
      if (total > maxBytes) throw new ArchiveRefused('too-large', `The files have more than ${maxBytes} bytes.`);
      if (entry.uncompressedSize !== sizeBytes)
        throw new ArchiveRefused('checksum', `${name} has ${entry.uncompressedSize} bytes, not ${sizeBytes}.`);
    }
    return {
      manifest,
      async read({ entry: name, sha256 }) {
        const content = await contentOf(zip, entries.get(name) as Entry); // looked for above
        if (createHash('sha256').update(content).digest('hex') !== sha256)
          throw new ArchiveRefused('checksum', `${name} is not what ${MANIFEST} says: its checksum is another one.`);
        return content;
      },
      [Symbol.dispose]: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) throw new ArchiveRefused('too-large', `${zip.entryCount} entries, ${MOST_ENTRIES} are the most.`);
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    // What is wrong with a name (a path that leads out, a drive, a backslash) is said here.
    zip.on('error', (error: Error) => reject(new ArchiveRefused('entries', error.message, { cause: error })));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      const { fileName, generalPurposeBitFlag, compressionMethod } = entry;
      const refuse = (problem: string): void => reject(new ArchiveRefused('entries', `The entry ${fileName} ${problem}.`));
      if (entries.has(fileName)) return refuse('is there twice');
      if ((generalPurposeBitFlag & 1) !== 0) return refuse('is encrypted');
      if (compressionMethod !== STORED && compressionMethod !== DEFLATED) return refuse('is compressed in a way that is not read');
      entries.set(fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** In memory: at most what the entry says it has. */
function contentOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const broken = (cause: Error): void =>
      reject(new ArchiveRefused('broken', `${entry.fileName} cannot be read: ${cause.message}`, { cause }));
    zip.openReadStream(entry, (error, stream) => {
      if (error) return broken(error);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', broken);
      stream.on('end', () => resolve(Buffer.concat(chunks)));
    });
  });
}

import { buffer } from 'node:stream/consumers';
import { fromBuffer, type Entry, type ZipFile as OpenZip } from 'yauzl';
import { ZipFile } from 'yazl';

/** A ZIP of these entries. */
export async function zipOf(entries: Readonly<Record<string, string | Uint8Array>>, compress = false): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream & AsyncIterable<Buffer>);
}

/** The entries of a ZIP. */
export async function entriesOf(content: Buffer): Promise<Record<string, Buffer>> {
  const zip = await new Promise<OpenZip>((resolve, reject) =>
    fromBuffer(content, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const entries: Record<string, Buffer> = {};
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) =>
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        buffer(stream).then((found) => {
          entries[entry.fileName] = found;
          zip.readEntry();
        }, reject);
      }),
    );
    zip.readEntry();
  });
  return entries;
}

/** Every place of a text in a ZIP, its directory included, says another one as long. */
export function patched(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('A patch is as long as what it replaces.');
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1');
  return copy;
}

const CENTRAL = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

/** What the directory of a ZIP says of an entry's inflated size is another. */
export function withSize(zip: Buffer, name: string, sizeBytes: number): Buffer {
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf(CENTRAL); at >= 0; at = copy.indexOf(CENTRAL, at + 4)) {
    const length = copy.readUInt16LE(at + 28);
    if (copy.toString('utf8', at + 46, at + 46 + length) === name) copy.writeUInt32LE(sizeBytes, at + 24);
  }
  return copy;
}

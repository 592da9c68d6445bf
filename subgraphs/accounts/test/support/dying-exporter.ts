/** A process that makes an export and is killed on the way: while it writes the file, when it has written it, or when the export is done. */
import { Readable } from 'node:stream';
import { openExporting } from './export-fixture.js';

const { DATA_DIR: dataDir = '', DIE_AT: dieAt = '' } = process.env;
const die = (): boolean => process.kill(process.pid, 'SIGKILL');

/** Passes on the first pieces of a file, then dies; what came before is on its way to the disk. */
async function* half(body: AsyncIterable<unknown>): AsyncGenerator<unknown, void, void> {
  let pieces = 0;
  for await (const piece of body) {
    if (++pieces > 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      die();
    }
    yield piece;
  }
}

const exporting = await openExporting(dataDir);
const job = exporting.job((objects) => ({
  get: (key) => objects.get(key),
  head: (key) => objects.head(key),
  list: (prefix, options) => objects.list(prefix, options),
  async put(key, body, options) {
    const info = await objects.put(key, dieAt === 'writing' ? Readable.from(half(body as Readable)) : body, options);
    if (dieAt === 'written') die();
    return info;
  },
  async delete(key) {
    if (dieAt === 'done') die();
    await objects.delete(key);
  },
}));
await job.run();
process.stdout.write('lived on\n');
process.exit(1);

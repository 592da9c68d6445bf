import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';

/**
 * A file that new databases start from, in a fifth of the time it takes to initialise one: what the first of a machine came to. Named by the
 * environment, since it belongs to the machine and not to an installation; whoever names it puts the versions into the name.
 */
export class PgliteTemplate {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where none is named, or the database is no new one. */
  static for(dataDir: string): PgliteTemplate | undefined {
    const path = process.env['LOOM_PGLITE_TEMPLATE']; // oxlint-disable-line node/no-process-env -- see above
    return path === undefined || existsSync(join(dataDir, 'PG_VERSION')) ? undefined : new PgliteTemplate(path);
  }

  /** Undefined until it was written. */
  async read(): Promise<Blob | undefined> {
    return existsSync(this.#path) ? new Blob([await readFile(this.#path)]) : undefined;
  }

  /** Of a database in which nobody has written yet. */
  async write(pglite: PGlite): Promise<void> {
    const dump = await pglite.dumpDataDir('none');
    await mkdir(dirname(this.#path), { recursive: true });
    // Whole or not at all: several may be the first, in one process too.
    const draft = `${this.#path}.${randomUUID()}`;
    await writeFile(draft, new Uint8Array(await dump.arrayBuffer()));
    await rename(draft, this.#path);
  }
}

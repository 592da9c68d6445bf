import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { StoreError } from '@loomgraph/core';
import { sidecarPath } from './directory-names.js';

/** Nobody writes a file for so long without a byte of it reaching the disk. */
const ABANDONED_MS = 3_600_000;

/** What the sidecar of an object holds. */
export interface Sidecar {
  readonly key: string;
  /** Name of the body, new with every put. */
  readonly bodyId: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modifiedAt: string;
}

/**
 * The files of a directory store: `bodies/` holds contents under random names, `keys/` a sidecar per object that names its body.
 * Renaming the sidecar into place is the one step that makes an object appear or change, so body and description never differ, and
 * a reader that holds the former body keeps it. What a process left in `new/` that was killed while it wrote is removed at the next start.
 */
export class DirectoryFiles {
  readonly keysDir: string;
  readonly #bodiesDir: string;
  readonly #newDir: string;
  /** Commits go one after the other, so that each finds, and removes, the body that the one before it named. */
  #lastCommit: Promise<unknown> = Promise.resolve();

  constructor(dir: string) {
    this.keysDir = join(dir, 'keys');
    this.#bodiesDir = join(dir, 'bodies');
    this.#newDir = join(dir, 'new');
  }

  async prepare(): Promise<void> {
    await Promise.all([this.keysDir, this.#bodiesDir, this.#newDir].map((dir) => mkdir(dir, { recursive: true })));
    for (const name of await readdir(this.#newDir)) {
      const path = join(this.#newDir, name);
      const file = await stat(path).catch(() => undefined); // another process was faster
      if (file !== undefined && Date.now() - file.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }

  /** Writes a body to the disk for good, under no key yet. */
  async writeBody(chunks: AsyncIterable<Uint8Array>): Promise<Pick<Sidecar, 'bodyId' | 'sizeBytes' | 'etag'>> {
    const bodyId = randomUUID();
    const path = join(this.#newDir, `${bodyId}.body`);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(path, 'wx');
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        await file.writeFile(chunk);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    await file.close();
    await rename(path, join(this.#bodiesDir, bodyId));
    return { bodyId, sizeBytes, etag: hash.digest('hex') };
  }

  removeBody(bodyId: string): Promise<void> {
    return rm(join(this.#bodiesDir, bodyId), { force: true });
  }

  /** Makes the object appear. @throws EEXIST when `ifAbsent` and it is there */
  commit(sidecar: Sidecar, options: { ifAbsent: boolean }): Promise<void> {
    return this.#oneByOne(async () => {
      const path = join(this.keysDir, sidecarPath(sidecar.key));
      const fresh = join(this.#newDir, sidecar.bodyId);
      await writeDurably(fresh, JSON.stringify(sidecar));
      try {
        const former = options.ifAbsent ? null : await this.readSidecar(sidecar.key);
        await mkdir(dirname(path), { recursive: true });
        // A link fails where something is, a rename replaces it; both are one step.
        await (options.ifAbsent ? link(fresh, path) : rename(fresh, path));
        await syncFolder(dirname(path));
        if (former) await this.removeBody(former.bodyId);
      } finally {
        await rm(fresh, { force: true });
      }
    });
  }

  remove(key: string): Promise<void> {
    return this.#oneByOne(async () => {
      const sidecar = await this.readSidecar(key);
      if (!sidecar) return;
      const path = join(this.keysDir, sidecarPath(key));
      await rm(path, { force: true });
      await syncFolder(dirname(path));
      await this.removeBody(sidecar.bodyId);
      await this.#removeEmptyFolders(dirname(path));
    });
  }

  async readSidecar(key: string): Promise<Sidecar | null> {
    return this.readSidecarAt(join(this.keysDir, sidecarPath(key)));
  }

  /** @throws StoreError corrupt */
  async readSidecarAt(path: string): Promise<Sidecar | null> {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Sidecar;
    } catch (cause) {
      if (isAbsent(cause)) return null;
      if (cause instanceof SyntaxError) throw new StoreError('corrupt', 'objects', `Directory: ${path} is no sidecar.`, { cause });
      throw cause;
    }
  }

  /** The body of a sidecar, or null when it has been replaced since. */
  async openBody(bodyId: string, range?: { start: number; end: number }): Promise<Readable | null> {
    let file: FileHandle;
    try {
      file = await open(join(this.#bodiesDir, bodyId), 'r');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
    return file.createReadStream(range);
  }

  #oneByOne<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#lastCommit.then(step, step);
    this.#lastCommit = result.catch(() => undefined);
    return result;
  }

  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let current = folder; current.length > this.keysDir.length; current = dirname(current)) {
      try {
        await rmdir(current);
      } catch {
        // Not empty: so are those above it.
        return;
      }
    }
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the names in a folder on the disk; Windows has no such call and refuses to open folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

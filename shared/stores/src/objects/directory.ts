import type { Readable } from 'node:stream';
import { probeHealth, StoreError, systemClock, type Clock, type Health } from '@loomgraph/core';
import { BodyReader } from './body.js';
import type { ByteRange } from './byte-range.js';
import { toDirectoryStoreError } from './directory-errors.js';
import { DirectoryFiles, type Sidecar } from './directory-files.js';
import { walkKeys } from './directory-names.js';
import { checkKey, checkMetadata } from './object-key.js';
import type { ObjectInfo, Objects, PresignedPut, PutOptions } from './port.js';
import { SignedUrls, type Grant } from './signed-url.js';

export interface DirectoryObjectsOptions {
  /** Folder that holds the files; made when missing. */
  readonly dir: string;
  /** Where `createObjectsHandler` is mounted, as uploaders and downloaders reach it. */
  readonly publicUrl: string;
  /** Key of the signatures; all processes over the folder share it. */
  readonly secret: string;
  readonly clock?: Clock;
}

/** The embedded object store: a folder of this machine. */
export function createDirectoryObjects(options: DirectoryObjectsOptions): DirectoryObjects {
  return new DirectoryObjects(options);
}

/** A reader that finds its body replaced asks again; more often than this it is missing. */
const MAX_REREADS = 5;

export class DirectoryObjects implements Objects {
  readonly #files: DirectoryFiles;
  readonly #urls: SignedUrls;
  readonly #clock: Clock;
  #prepared: Promise<void> | undefined;
  #closed = false;

  constructor({ dir, publicUrl, secret, clock = systemClock }: DirectoryObjectsOptions) {
    this.#files = new DirectoryFiles(dir);
    this.#urls = new SignedUrls({ publicUrl, secret, clock });
    this.#clock = clock;
  }

  async put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<ObjectInfo> {
    const { contentType, metadata = {}, ifAbsent = false } = options;
    checkKey(key);
    checkMetadata(metadata);
    return this.#run(async () => {
      if (ifAbsent && (await this.#files.readSidecar(key))) throw exists(key);
      const reader = new BodyReader(body);
      const written = await this.#files.writeBody(reader).catch((error: unknown) => {
        throw reader.failure ? new BodyFailure(reader.failure.error) : error;
      });
      const sidecar: Sidecar = { key, ...written, contentType, metadata: { ...metadata }, modifiedAt: this.#clock.now().toISOString() };
      try {
        await this.#files.commit(sidecar, { ifAbsent });
      } catch (error) {
        await this.#files.removeBody(written.bodyId);
        throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(key, error) : error;
      }
      return toInfo(sidecar);
    });
  }

  get(key: string): Promise<{ info: ObjectInfo; body: Readable } | null> {
    return this.open(key);
  }

  /** As `get`; `rangeOf` is given the description and answers which bytes the body is to have. */
  async open(key: string, rangeOf?: (info: ObjectInfo) => ByteRange | undefined): Promise<{ info: ObjectInfo; body: Readable } | null> {
    checkKey(key);
    return this.#run(async () => {
      for (let read = 0; read < MAX_REREADS; read += 1) {
        const sidecar = await this.#files.readSidecar(key);
        if (!sidecar) return null;
        const info = toInfo(sidecar);
        const body = await this.#files.openBody(sidecar.bodyId, rangeOf?.(info));
        if (body) return { info, body };
      }
      throw new StoreError('corrupt', 'objects', `Directory: the content of ${key} is missing.`);
    });
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    return this.#run(async () => {
      const sidecar = await this.#files.readSidecar(key);
      return sidecar && toInfo(sidecar);
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#run(() => this.#files.remove(key));
  }

  async list(prefix: string, options: { after?: string; limit: number }): Promise<ObjectInfo[]> {
    return this.#run(async () => {
      const found: ObjectInfo[] = [];
      if (options.limit <= 0) return found;
      for await (const { path } of walkKeys(this.#files.keysDir, { prefix, ...options })) {
        const sidecar = await this.#files.readSidecarAt(path);
        if (sidecar && found.push(toInfo(sidecar)) >= options.limit) break;
      }
      return found;
    });
  }

  async presignGet(key: string, options: { expiresInSeconds: number; downloadName?: string }): Promise<string> {
    checkKey(key);
    this.#assertOpen();
    const { expiresInSeconds, downloadName } = options;
    return this.#urls.sign({ method: 'GET', key, ...(downloadName !== undefined && { downloadName }) }, expiresInSeconds);
  }

  async presignPut(key: string, options: { expiresInSeconds: number; contentType: string; maxBytes?: number }): Promise<PresignedPut> {
    checkKey(key);
    this.#assertOpen();
    const { expiresInSeconds, contentType, maxBytes } = options;
    const url = this.#urls.sign({ method: 'PUT', key, contentType, ...(maxBytes !== undefined && { maxBytes }) }, expiresInSeconds);
    return { url, headers: { 'content-type': contentType } };
  }

  /** What a request to a presigned URL may do; undefined when it is refused. */
  verify(requestUrl: string): Grant | undefined {
    this.#assertOpen();
    return this.#urls.verify(requestUrl);
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'objects', backend: 'directory' }, () => this.#run(() => this.#files.prepare()));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run<T>(step: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    try {
      this.#prepared ??= this.#files.prepare();
      await this.#prepared;
      return await step();
    } catch (error) {
      if (error instanceof BodyFailure) throw error.cause;
      throw toDirectoryStoreError(error);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'objects', 'The object store is closed.');
  }
}

/** Carries an error of the caller's body past the converter. */
class BodyFailure extends Error {
  constructor(cause: unknown) {
    super('The body failed.', { cause });
  }
}

function toInfo({ bodyId: _, modifiedAt, ...info }: Sidecar): ObjectInfo {
  return { ...info, modifiedAt: new Date(modifiedAt) };
}

function exists(key: string, cause?: unknown): StoreError {
  return new StoreError('conflict', 'objects', `The object ${key} exists.`, { cause });
}

import type { Readable } from 'node:stream';
import type { Health } from '@loomgraph/core';

/**
 * Files. Keys are `/`-separated, each segment non-empty, not `.` or `..`, of at most 255 bytes of UTF-8 without control characters, the
 * whole at most 1,024 bytes. Metadata names are of `a-z`, `0-9` and `-`. That one key is a folder of another (`a` and `a/b`) cannot be
 * relied on: S3 gateways over a file system refuse it with StoreError `constraint`.
 *
 * 1. `put` then `get` gives the same bytes, content type and metadata; the object appears whole or not at all.
 * 2. `get` and `head` of an absent key answer `null`; `delete` of one is no error.
 * 3. `put` with `ifAbsent` rejects with StoreError `conflict` when the key exists.
 * 4. `list` answers in key order (bytes of the UTF-8), pages by `after`, at most `limit` and fewer only at the end; `prefix` is text and
 *    need not end at a `/`.
 * 5. `presignGet` and `presignPut` answer a URL that works without credentials until `expiresInSeconds`; a changed or expired one is
 *    refused (403); a PUT must carry the signed content type, and a body over `maxBytes` is refused where the backend can. A GET
 *    serves ranges, and with `downloadName` names the file.
 * 6. A key or metadata name outside the rules rejects with LoomError BAD_USER_INPUT.
 * 7. After `close`, every call rejects with StoreError `unavailable`; `health` answers `ok: false`.
 * 8. An error of the `body` that `put` reads is thrown as it is, and leaves nothing behind.
 */
export interface Objects extends AsyncDisposable {
  put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<ObjectInfo>;
  /** The caller reads `body` to its end or destroys it: an open file or connection hangs on it. */
  get(key: string): Promise<{ info: ObjectInfo; body: Readable } | null>;
  head(key: string): Promise<ObjectInfo | null>;
  delete(key: string): Promise<void>;
  list(prefix: string, options: { after?: string; limit: number }): Promise<ObjectInfo[]>;
  presignGet(key: string, options: { expiresInSeconds: number; downloadName?: string }): Promise<string>;
  presignPut(key: string, options: { expiresInSeconds: number; contentType: string; maxBytes?: number }): Promise<PresignedPut>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export interface PutOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly ifAbsent?: boolean;
}

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Changes when the content does; without quotes. */
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modifiedAt: Date;
}

export interface PresignedPut {
  readonly url: string;
  /** Headers the uploader must send. */
  readonly headers: Readonly<Record<string, string>>;
}

import type { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { BodyReader } from './body.js';
import { contentDisposition } from './content-disposition.js';
import { checkKey, checkMetadata } from './object-key.js';
import type { ObjectInfo, Objects, PresignedPut, PutOptions } from './port.js';
import { isAbsentObject, toS3StoreError } from './s3-errors.js';
import { decodeMetadata, encodeMetadata } from './s3-metadata.js';
import { uploadBody } from './s3-upload.js';
import { parseS3Url } from './s3-url.js';

export interface S3ObjectsOptions {
  /** `http(s)://[key:secret@]host[:port]/bucket[?region=us-east-1]` */
  readonly url: string;
  /** Bucket in the path instead of the host name, as most S3 servers other than AWS want it. Default true. */
  readonly forcePathStyle?: boolean;
  /** Endpoint that presigned URLs name, when clients reach the server by another one. Default that of `url`. */
  readonly publicUrl?: string;
  /** Default 2,000. */
  readonly connectTimeoutMs?: number;
  /** For one attempt, up to the headers of the answer; an attempt sends at most 8 MiB. Default 15,000. */
  readonly requestTimeoutMs?: number;
  /** Attempts of one request; the SDK repeats only what is safe. Default 2. */
  readonly maxAttempts?: number;
  /** Connections at once. Default 50. */
  readonly maxConnections?: number;
}

/** An object store on any S3 server. The bucket is created at the first use when it is missing. */
export function createS3Objects(options: S3ObjectsOptions): S3Objects {
  return new S3Objects(options);
}

/** ListObjectsV2 names neither content type nor metadata, so `list` asks for each object, this many at once. */
const HEADS_AT_ONCE = 16;
const MAX_PAGE = 1_000;

export class S3Objects implements Objects {
  readonly #bucket: string;
  readonly #client: S3Client;
  readonly #signer: S3Client;
  #bucketReady: Promise<void> | undefined;
  #closed = false;

  constructor(options: S3ObjectsOptions) {
    const { endpoint, bucket, region, credentials } = parseS3Url(options.url);
    const { forcePathStyle = true, publicUrl = endpoint, connectTimeoutMs = 2_000, requestTimeoutMs = 15_000 } = options;
    this.#bucket = bucket;
    const shared = {
      region,
      forcePathStyle,
      ...(credentials && { credentials }),
      // Else the SDK signs a checksum of the empty body into presigned PUTs, and sends trailers that other servers refuse.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    } as const;
    this.#client = new S3Client({
      ...shared,
      endpoint,
      maxAttempts: options.maxAttempts ?? 2,
      requestHandler: {
        connectionTimeout: connectTimeoutMs,
        requestTimeout: requestTimeoutMs,
        // Without it the SDK only warns.
        throwOnRequestTimeout: true,
        socketTimeout: requestTimeoutMs,
        httpAgent: { maxSockets: options.maxConnections ?? 50 },
        httpsAgent: { maxSockets: options.maxConnections ?? 50 },
      },
    });
    this.#signer = new S3Client({ ...shared, endpoint: publicUrl });
  }

  /** Creates the bucket unless it is there; called by the first use. */
  async ensureBucket(): Promise<void> {
    this.#assertOpen();
    const ready = (this.#bucketReady ??= this.#createBucketIfMissing());
    try {
      await ready;
    } catch (error) {
      this.#bucketReady = undefined;
      throw toS3StoreError(error);
    }
  }

  async put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<ObjectInfo> {
    checkKey(key);
    checkMetadata(options.metadata);
    const { contentType, metadata = {}, ifAbsent = false } = options;
    const reader = new BodyReader(body);
    const target = {
      Bucket: this.#bucket,
      Key: key,
      ContentType: contentType,
      Metadata: encodeMetadata(metadata),
      ...(ifAbsent && { IfNoneMatch: '*' }),
    };
    const sent = await this.#run(() => uploadBody(this.#client, target, reader)).catch((error: unknown) => {
      throw reader.failure ? reader.failure.error : error;
    });
    return { key, sizeBytes: sent.sizeBytes, contentType, etag: unquote(sent.etag), metadata: { ...metadata }, modifiedAt: new Date() };
  }

  async get(key: string): Promise<{ info: ObjectInfo; body: Readable } | null> {
    checkKey(key);
    return this.#orNull(async () => {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      // On Node the SDK answers the response of node:http.
      return { info: toInfo(key, answer), body: answer.Body as Readable };
    });
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    return this.#orNull(async () => toInfo(key, await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }))));
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#orNull(() => this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })));
  }

  /** One request per page of 1,000 keys and one per object. */
  async list(prefix: string, options: { after?: string; limit: number }): Promise<ObjectInfo[]> {
    const found: ObjectInfo[] = [];
    let { after } = options;
    for (let hasMore = options.limit > 0; hasMore && found.length < options.limit;) {
      const page = await this.#run(() => this.#listKeys(prefix, after, Math.min(options.limit - found.length, MAX_PAGE)));
      for (let start = 0; start < page.keys.length; start += HEADS_AT_ONCE) {
        const infos = await Promise.all(page.keys.slice(start, start + HEADS_AT_ONCE).map((key) => this.head(key)));
        found.push(...infos.filter((info) => info !== null));
      }
      after = page.keys.at(-1) ?? after;
      hasMore = page.hasMore;
    }
    return found;
  }

  async presignGet(key: string, options: { expiresInSeconds: number; downloadName?: string }): Promise<string> {
    checkKey(key);
    const { expiresInSeconds, downloadName } = options;
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ...(downloadName !== undefined && { ResponseContentDisposition: contentDisposition(downloadName) }),
    });
    return this.#run(() => getSignedUrl(this.#signer, command, { expiresIn: expiresInSeconds }));
  }

  /** `maxBytes` is not enforced: a presigned PUT can only sign one exact length. Check the size with `head` once it is uploaded. */
  async presignPut(key: string, options: { expiresInSeconds: number; contentType: string; maxBytes?: number }): Promise<PresignedPut> {
    checkKey(key);
    const { expiresInSeconds, contentType } = options;
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: key, ContentType: contentType });
    // The presigner leaves the content type out of the signature unless it is asked.
    const signing = { expiresIn: expiresInSeconds, signableHeaders: new Set(['content-type']) };
    const url = await this.#run(() => getSignedUrl(this.#signer, command, signing));
    return { url, headers: { 'content-type': contentType } };
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'objects', backend: 's3' }, () =>
      this.#run(() => this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }))),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#client.destroy();
    this.#signer.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run<T>(step: () => Promise<T>): Promise<T> {
    await this.ensureBucket();
    try {
      return await step();
    } catch (error) {
      this.#assertOpen();
      throw toS3StoreError(error);
    }
  }

  #orNull<T>(step: () => Promise<T>): Promise<T | null> {
    return this.#run(() =>
      step().catch((error: unknown) => {
        if (isAbsentObject(error)) return null;
        throw error;
      }),
    );
  }

  async #listKeys(prefix: string, after: string | undefined, limit: number): Promise<{ keys: string[]; hasMore: boolean }> {
    const answer = await this.#client.send(
      new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, MaxKeys: limit, ...(after !== undefined && { StartAfter: after }) }),
    );
    const keys = (answer.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    return { keys, hasMore: answer.IsTruncated === true && keys.length > 0 };
  }

  async #createBucketIfMissing(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      if (!isAbsentObject(error)) throw error;
      await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket })).catch((failure: unknown) => {
        // Another process was faster.
        if ((failure as Error).name !== 'BucketAlreadyOwnedByYou') throw failure;
      });
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'objects', 'The object store is closed.');
  }
}

interface Description {
  readonly ContentLength?: number | undefined;
  readonly ContentType?: string | undefined;
  readonly ETag?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly LastModified?: Date | undefined;
}

function toInfo(key: string, answer: Description): ObjectInfo {
  return {
    key,
    sizeBytes: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? 'application/octet-stream',
    etag: unquote(answer.ETag ?? ''),
    metadata: decodeMetadata(answer.Metadata ?? {}),
    modifiedAt: answer.LastModified ?? new Date(0),
  };
}

function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}

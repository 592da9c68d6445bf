import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** S3 takes parts from 5 MiB; at most 10,000 of them, so objects to 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;

type Target = Pick<PutObjectCommandInput, 'Bucket' | 'Key' | 'ContentType' | 'Metadata' | 'IfNoneMatch'>;

/**
 * Uploads a body of unknown length: in one request when it fits one part, else in parts, one in memory at a time. Either way the object
 * appears with the last request. Parts of an upload that fails are taken back.
 */
export async function uploadBody(
  client: S3Client,
  target: Target,
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ etag: string; sizeBytes: number }> {
  const parts = inParts(chunks)[Symbol.asyncIterator]();
  const first = await parts.next();
  const second = first.done ? first : await parts.next();
  if (second.done) {
    const body = first.done ? Buffer.alloc(0) : first.value;
    const { ETag = '' } = await client.send(new PutObjectCommand({ ...target, Body: body, ContentLength: body.byteLength }));
    return { etag: ETag, sizeBytes: body.byteLength };
  }
  // `first` is not done, or `second` were not read.
  return uploadParts(client, target, prepend([first.value as Buffer, second.value], parts));
}

async function uploadParts(client: S3Client, target: Target, parts: AsyncIterable<Buffer>): Promise<{ etag: string; sizeBytes: number }> {
  const { IfNoneMatch, ...created } = target;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(created));
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  try {
    const done: CompletedPart[] = [];
    let sizeBytes = 0;
    for await (const body of parts) {
      const PartNumber = done.length + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: body, ContentLength: body.byteLength }));
      done.push({ PartNumber, ETag });
      sizeBytes += body.byteLength;
    }
    const { ETag = '' } = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch, MultipartUpload: { Parts: done } }),
    );
    return { etag: ETag, sizeBytes };
  } catch (error) {
    // Failing to clean up must not hide why; a lifecycle rule of the bucket takes what stays.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function* inParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    heldBytes += chunk.byteLength;
    if (heldBytes < PART_BYTES) continue;
    const joined = Buffer.concat(held);
    const whole = heldBytes - (heldBytes % PART_BYTES);
    for (let start = 0; start < whole; start += PART_BYTES) yield joined.subarray(start, start + PART_BYTES);
    held = [joined.subarray(whole)];
    heldBytes -= whole;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}

async function* prepend<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LoomError } from '@loomgraph/core';
import { parseByteRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import type { DirectoryObjects } from './directory.js';
import type { ObjectInfo } from './port.js';
import type { Grant } from './signed-url.js';

export interface ObjectsHandlerOptions {
  /** Told of what failed inside, after the client got its status. */
  readonly onError?: (error: unknown) => void;
}

/** The body is larger than the grant allows. */
class TooLarge extends Error {}

/**
 * Serves the presigned URLs of a directory store on `node:http`, mounted at the path of its `publicUrl` (`request.url` is the whole path).
 * GET and HEAD: 200, 206 (one range), 304, 416; PUT: 200, 403 (other content type), 413. A URL that is changed, expired or meant
 * for another method: 403; an absent object: 404. Never rejects.
 */
export function createObjectsHandler(
  objects: DirectoryObjects,
  { onError = () => undefined }: ObjectsHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      if (method !== 'GET' && method !== 'PUT') return refuse(response, 405, { allow: 'GET, HEAD, PUT' });
      const grant = objects.verify(request.url ?? '');
      if (grant?.method !== method) return refuse(response, 403);
      await (method === 'GET' ? serve(objects, grant, request, response) : receive(objects, grant, request, response));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof TooLarge) refuse(response, 413, { connection: 'close' });
      else refuse(response, error instanceof LoomError ? error.entry.status : 500);
      if (!(error instanceof TooLarge) && !isAborted(error)) onError(error);
    }
  };
}

async function serve(objects: DirectoryObjects, grant: Grant, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const rangeOf = (info: ObjectInfo): ReturnType<typeof parseByteRange> => {
    const condition = request.headers['if-range'];
    return condition === undefined || condition === `"${info.etag}"` ? parseByteRange(request.headers.range, info.sizeBytes) : undefined;
  };
  const found = await objects.open(grant.key, (info) => {
    const range = rangeOf(info);
    return range === 'unsatisfiable' ? undefined : range;
  });
  if (!found) return refuse(response, 404);
  const { info, body } = found;
  const range = rangeOf(info);
  const isUnchanged = request.headers['if-none-match']?.split(/\s*,\s*/).includes(`"${info.etag}"`);
  if (range === 'unsatisfiable' || isUnchanged || request.method === 'HEAD') body.destroy();
  if (isUnchanged) return refuse(response, 304, { etag: `"${info.etag}"` });
  if (range === 'unsatisfiable') return refuse(response, 416, { 'content-range': `bytes */${info.sizeBytes}` });
  response.writeHead(range ? 206 : 200, {
    ...headersOf(info, grant),
    'content-length': range ? range.end - range.start + 1 : info.sizeBytes,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${info.sizeBytes}` }),
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(body, response);
}

function headersOf(info: ObjectInfo, { downloadName }: Grant): Record<string, string> {
  return {
    'content-type': info.contentType,
    etag: `"${info.etag}"`,
    'last-modified': info.modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'private',
    // Uploaded files share the gateway's origin: none of them may run there.
    'x-content-type-options': 'nosniff',
    ...(info.contentType !== 'application/pdf' && { 'content-security-policy': "default-src 'none'; sandbox" }),
    ...(downloadName !== undefined && { 'content-disposition': contentDisposition(downloadName) }),
  };
}

async function receive(objects: DirectoryObjects, grant: Grant, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { key, contentType = '', maxBytes = Infinity } = grant;
  if (request.headers['content-type'] !== contentType) return refuse(response, 403, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new TooLarge();
  const info = await objects.put(key, Readable.from(limited(request, maxBytes), { objectMode: false }), { contentType });
  response.writeHead(200, { etag: `"${info.etag}"`, 'content-length': 0 }).end();
}

async function* limited(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  // The request stays open, or its answer could not be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new TooLarge();
    yield chunk;
  }
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0 }).end();
}

/** The client went away: its business, not a failure. */
function isAborted(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR';
}

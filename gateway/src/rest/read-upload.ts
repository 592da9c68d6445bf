import { createHash } from 'node:crypto';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { RestFile, RestUpload } from '@loomgraph/subgraph-kit';
import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../request/graphql-parameters.js';

export interface ReadUpload {
  readonly file: RestFile;
  readonly bytes: Buffer;
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the parts of a request. @throws MalformedRequest; what the parser throws, with its status */
export async function readUpload(request: FastifyRequest, upload: RestUpload): Promise<ReadUpload> {
  const fields: Record<string, string> = {};
  let found: Omit<ReadUpload, 'fields'> | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      if (part.fieldname !== upload.file || found !== undefined) throw new MalformedRequest(`Send one file, as the part "${upload.file}".`);
      found = await readFile(part);
    } else fields[nameOf(part, upload)] = textOf(part);
  }
  if (found === undefined) throw new MalformedRequest(`There is no file: send it as the part "${upload.file}".`);
  return { ...found, fields };
}

async function readFile(part: MultipartFile): Promise<Omit<ReadUpload, 'fields'>> {
  const bytes = await part.toBuffer();
  const file = {
    name: part.filename,
    mimeType: part.mimetype,
    sizeBytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return { file, bytes };
}

function nameOf({ fieldname }: Multipart, { fields, file }: RestUpload): string {
  if (Object.hasOwn(fields, fieldname)) return fieldname;
  throw new MalformedRequest(`There is no part "${fieldname}" here; there are ${[file, ...Object.keys(fields)].join(', ')}.`);
}

function textOf(part: Multipart): string {
  const value = part.type === 'field' ? part.value : undefined;
  if (typeof value !== 'string') throw new MalformedRequest(`The part "${part.fieldname}" must be text.`);
  return value;
}

/** Bucket requests signed with AWS Signature Version 4 ("Authenticating Requests (AWS Signature Version 4)"). */
import { createHash, createHmac } from 'node:crypto';

export interface S3Target {
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly timeoutMs: number;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** Absolute, already encoded, without a query. */
  readonly path: string;
}

/** Sends a request without a body; returns the status, whatever it is. */
export async function s3Status(target: S3Target, request: S3Request): Promise<number> {
  const host = `127.0.0.1:${target.port}`;
  const response = await fetch(`http://${host}${request.path}`, {
    method: request.method,
    headers: signHeaders({ ...target, ...request, host, now: new Date() }),
    signal: AbortSignal.timeout(target.timeoutMs),
  });
  await response.arrayBuffer();
  return response.status;
}

export interface SignatureInput extends Omit<S3Target, 'port' | 'timeoutMs'>, S3Request {
  readonly host: string;
  readonly now: Date;
}

/** The headers that authenticate a request without a body. */
export function signHeaders(input: SignatureInput): Record<string, string> {
  const time = input.now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const payloadHash = sha256('');
  const signed = 'host;x-amz-content-sha256;x-amz-date';
  const canonicalHeaders = `host:${input.host}\nx-amz-content-sha256:${payloadHash}\nx-amz-date:${time}\n`;
  const canonical = [input.method, input.path, '', canonicalHeaders, signed, payloadHash].join('\n');
  const scope = `${day}/${input.region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, input.region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${input.secretAccessKey}`));
  return {
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': time,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${input.accessKeyId}/${scope}, ` +
      `SignedHeaders=${signed}, Signature=${hmac(key, toSign).toString('hex')}`,
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

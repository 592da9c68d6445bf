import { LoomError } from '@loomgraph/core';

export interface S3Location {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Absent: the SDK looks for credentials itself (environment, web identity, instance). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Reads `http(s)://[key:secret@]host[:port]/bucket[?region=us-east-1]`; key and secret are percent-encoded.
 * @throws LoomError CONFIG_INVALID
 */
export function parseS3Url(text: string): S3Location {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bucket = url?.pathname.replace(/^\/|\/$/g, '') ?? '';
  if (!url || !/^https?:$/.test(url.protocol) || !/^[a-z0-9.-]{3,63}$/.test(bucket)) {
    throw new LoomError('CONFIG_INVALID', 'An S3 URL looks like https://key:secret@host/bucket?region=us-east-1.');
  }
  return {
    endpoint: url.origin,
    bucket,
    region: url.searchParams.get('region') ?? 'us-east-1',
    ...(url.username && {
      credentials: { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) },
    }),
  };
}

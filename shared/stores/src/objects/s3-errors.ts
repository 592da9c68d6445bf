import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';

/** Fields of the SDK's errors, https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/error-handling.html */
interface S3ErrorFields {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Classifies an error of the AWS SDK; errors that are classified already pass through. */
export function toS3StoreError(error: unknown): LoomError {
  if (error instanceof LoomError) return error;
  const fields = (error ?? {}) as S3ErrorFields;
  return new StoreError(kindOf(fields), 'objects', `S3: ${fields.name ?? 'Error'}: ${fields.message ?? String(error)}`, { cause: error });
}

export function isAbsentObject(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as S3ErrorFields;
  // HEAD has no body, so its 404 has no better name.
  return name === 'NoSuchKey' || (name === 'NotFound' && $metadata?.httpStatusCode === 404);
}

function kindOf({ name, code, $metadata }: S3ErrorFields): StoreErrorKind {
  const status = $metadata?.httpStatusCode;
  if (name === 'TimeoutError' || name === 'RequestTimeout' || code === 'ETIMEDOUT') return 'timeout';
  if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || status === 412) return 'conflict';
  // No status: the network. 401 and 403: credentials, which an operator rotates. 429 and 5xx: later.
  if (status === undefined || status === 401 || status === 403 || status === 429 || status >= 500) return 'unavailable';
  return 'constraint';
}

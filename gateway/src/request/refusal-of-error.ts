import { errorCatalogue, LoomError, type ErrorCode } from '@loomgraph/core';
import { MalformedRequest } from './graphql-parameters.js';
import { challengeOf } from './identity.js';
import { LimitExceededError } from './limits/limit-exceeded.js';
import type { ErrorMasker } from './mask-errors.js';
import { refuse, refuseWith, type Refusal } from './refuse.js';

/** What a request is refused with when a stage before its execution throws. What is not meant for clients is masked and logged. */
export function refusalOfError(options: { readonly error: unknown; readonly requestId: string; readonly mask: ErrorMasker }): Refusal {
  const { error, requestId, mask } = options;
  if (error instanceof MalformedRequest) return refuse({ requestId, code: 'BAD_REQUEST', message: error.message });
  const message = error instanceof Error ? error.message : String(error);
  const masked = mask({ message, originalError: error }, { requestId });
  // The masker answers codes of the catalogue only.
  const code = masked.extensions?.['code'] as ErrorCode;
  return refuseWith({
    error: masked,
    status: errorCatalogue[code].status,
    headers: error instanceof LoomError ? challengeOf(error) : undefined,
    reason: error instanceof LimitExceededError ? error.limit : undefined,
  });
}

import { LoomError } from '@loomgraph/core';
import type { CancelReason } from '../execution/cancellation.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';

/** Of a fetch that nobody waits for any more. */
export function cancelledAnswer(reason: CancelReason): SubgraphAnswer {
  const error =
    reason === 'timeout'
      ? new LoomError('OPERATION_TIMEOUT', 'The operation took longer than it may; ask for less at once, or retry later.')
      : new LoomError('REQUEST_CANCELLED', 'The client has gone.');
  return { kind: 'failed', error };
}

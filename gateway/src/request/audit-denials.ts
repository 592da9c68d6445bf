import { auditActor, type AuditSink } from '@loomgraph/auth';
import { LoomError, systemClock, type Clock } from '@loomgraph/core';
import type { AnswerReport, Caller } from '../execution/engine.js';

const CUT = 'UNAUTHORIZED_FIELD_OR_TYPE';
/** Credentials that were somebody's. Others are noise that anybody can make, and are counted alone. */
const TAKEN_BACK: ReadonlySet<unknown> = new Set(['revoked', 'replayed']);

/** Has the audit log told what the gateway itself denies; what subgraphs deny, they tell themselves. */
export interface AuditDenials {
  /** Fields of an operation that were not answered. Anonymous callers are counted alone: anybody can ask without a token. */
  answered(caller: Caller, report: AnswerReport): void;
  /** Credentials that were refused. */
  refused(error: unknown, request: { readonly requestId: string; readonly clientAddress: string | undefined }): void;
}

export function createAuditDenials({ sink, clock = systemClock }: { sink: Pick<AuditSink, 'record'>; clock?: Clock }): AuditDenials {
  return {
    answered({ identity, clientAddress, requestId }, { errorCodes, operationName }) {
      if (identity === null || !errorCodes.includes(CUT)) return;
      sink.record({
        actor: auditActor(identity, clientAddress),
        action: 'field.read',
        resource: { type: 'Operation', ...(operationName === undefined ? {} : { id: operationName }) },
        outcome: 'denied',
        reason: CUT,
        occurredAt: clock.now(),
        requestId,
      });
    },
    refused(error, { requestId, clientAddress }) {
      if (!(error instanceof LoomError) || !TAKEN_BACK.has(error.details['reason'])) return;
      sink.record({
        actor: auditActor(null, clientAddress),
        action: 'token.use',
        resource: { type: 'Token' },
        outcome: 'denied',
        reason: String(error.details['reason']),
        occurredAt: clock.now(),
        requestId,
      });
    },
  };
}

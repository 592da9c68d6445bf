import { continueTrace } from '@loomgraph/telemetry';
import type { EngineAnswer } from '../execution/engine.js';
import type { AnswerOperation, OperationCall } from './answer-operation.js';
import type { AuditDenials } from './audit-denials.js';

/** Answers an operation within its caller's trace, and has the audit log told of what was denied to whom. */
export function createAnswerCaller(answer: AnswerOperation, auditDenials: AuditDenials | undefined): AnswerOperation {
  return (call) => {
    const { traceparent, identity } = call.caller;
    const answering = traceparent === undefined ? answer(call) : continueTrace(traceparent, () => answer(call));
    // Of an anonymous caller nothing is written down.
    return auditDenials === undefined || identity === null ? answering : told(answering, call, auditDenials);
  };
}

async function told(answering: Promise<EngineAnswer>, { caller }: OperationCall, denials: AuditDenials): Promise<EngineAnswer> {
  const answer = await answering;
  if (answer.report.errorCodes.length > 0) denials.answered(caller, answer.report);
  return answer;
}

import { LoomError } from '@loomgraph/core';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { formatExecutionErrors } from '@loomgraph/subgraph-kit/format-error'; // not all of it: the gateway alone starts faster
import { continueTrace } from '@loomgraph/telemetry';
import { execute, parse, type ExecutionResult } from 'graphql';
import { cancelledAnswer } from './cancelled-answer.js';
import type { CancelReason } from '../execution/cancellation.js';
import type { SubgraphAnswer, SubgraphCall, SubgraphOperation } from '../execution/subgraph-answer.js';

/** A fetch of a subgraph that runs in this process: its text is parsed once, its answer is merged as it is. */
export function prepareLocalCall(subgraph: Subgraph, { operation, operationName }: SubgraphOperation): SubgraphCall {
  // The gateway validated the operation and planned the fetch, so it is executed without validating it again.
  const document = parse(operation, { noLocation: true });
  return {
    send(variables, caller, done) {
      const cancelled = caller.cancellation?.reason;
      if (cancelled !== undefined) {
        done(cancelledAnswer(cancelled));
        return;
      }
      const fail = (error: unknown): void => {
        const reason = error instanceof Error ? error.message : String(error);
        done({ kind: 'failed', error: new LoomError('INTERNAL_SERVER_ERROR', reason, { cause: error }) });
      };
      const finish = (result: ExecutionResult): void => done(toAnswer(formatExecutionErrors(result)));
      const run = (): ReturnType<typeof execute> =>
        execute({
          schema: subgraph.schema,
          document,
          operationName,
          variableValues: JSON.parse(`{${variables}}`),
          contextValue: subgraph.createContext(caller),
        });
      let result;
      try {
        result = caller.traceparent === undefined ? run() : continueTrace(caller.traceparent, run);
      } catch (error) {
        fail(error);
        return;
      }
      if (!(result instanceof Promise)) {
        finish(result);
        return;
      }
      const { cancellation } = caller;
      if (cancellation === undefined) {
        result.then(finish, fail);
        return;
      }
      // What it reads from stores ends by the signal; a resolver that takes no notice of that is not waited for.
      const cancellable = {
        cancel(reason: CancelReason) {
          isCancelled = true;
          done(cancelledAnswer(reason));
        },
      };
      let isCancelled = false;
      const unlessCancelled =
        <T>(end: (value: T) => void) =>
        (value: T): void => {
          if (isCancelled) return;
          cancellation.remove(cancellable);
          end(value);
        };
      cancellation.add(cancellable);
      result.then(unlessCancelled(finish), unlessCancelled(fail));
    },
  };
}

function toAnswer({ data, errors }: ExecutionResult): SubgraphAnswer {
  // Its texts come from anywhere, and looking at all of them costs more than escaping those that are selected.
  return { kind: 'answered', data, errors, hasEscapes: true, isAscii: false };
}

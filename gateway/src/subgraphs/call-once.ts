import type { ExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';
import type { Caller } from '../execution/engine.js';
import type { SubgraphCall } from '../execution/subgraph-answer.js';

/** A call as a promise, for what is no hot path. @throws SubgraphUnavailableError */
export function callOnce(
  call: SubgraphCall,
  variables: Readonly<Record<string, unknown>> | undefined,
  caller: Caller,
): Promise<ExecutionResult> {
  const members = variables === undefined ? '' : JSON.stringify(variables).slice(1, -1);
  return new Promise((resolve, reject) => {
    call.send(members, caller, (answer) => {
      if (answer.kind === 'failed') {
        reject(answer.error);
        return;
      }
      const { data, errors } = answer;
      resolve({
        ...(data === undefined ? {} : { data }),
        ...(errors === undefined ? {} : { errors: errors.map(({ message, ...rest }) => new GraphQLError(message, rest)) }),
      });
    });
  });
}

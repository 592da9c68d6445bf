import type { GraphQLFormattedError } from 'graphql';
import type { IncomingMessage } from 'node:http';
import type { AnswerReport, Caller, EngineAnswer } from '../execution/engine.js';
import type { AnswerOperation } from '../request/answer-operation.js';
import { parseJson } from '../request/parse-json.js';
import { syncOf } from '../request/sync-of.js';
import { problemOf, RestProblem } from './problem.js';

type Data = Readonly<Record<string, unknown>>;

/** What one REST request asks the graph, as its caller, one operation after the other. */
export interface RestCall {
  /** @throws RestProblem for whatever is answered with errors */
  ask(operation: string, variables: Data): Promise<Data>;
  /** Headers of the last answer: what is left to spend, the token of what was written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly reports: readonly AnswerReport[];
}

export function createRestCall(options: {
  readonly answer: AnswerOperation;
  readonly caller: Caller;
  readonly request: IncomingMessage;
}): RestCall {
  const { answer, caller, request } = options;
  const reports: AnswerReport[] = [];
  let headers: Readonly<Record<string, string>> = {};
  return {
    get headers() {
      return headers;
    },
    reports,
    async ask(query, variables) {
      const answered = await answer({
        parameters: { query, documentId: undefined, operationName: undefined, variables, extensions: undefined },
        caller,
        readOnly: request.method === 'GET',
        acceptsIncremental: false,
        sync: syncOf(request.headers),
      });
      reports.push(answered.report);
      const { data, errors } = read(answered);
      headers = answered.kind === 'incremental' || answered.kind === 'live' ? {} : (answered.headers ?? {});
      if (errors !== undefined && errors.length > 0) throw new RestProblem(problemOf(errors, caller.requestId), headers);
      return data ?? {};
    },
  };
}

function read(answer: EngineAnswer): { readonly data?: Data | null; readonly errors?: readonly GraphQLFormattedError[] } {
  if (answer.kind === 'refused') return { errors: answer.errors };
  if (answer.kind === 'incremental' || answer.kind === 'live')
    throw new Error('An answer in parts was made for a client that does not take one.');
  return parseJson(answer.body) as { data?: Data | null; errors?: readonly GraphQLFormattedError[] }; // the engine wrote it
}

import type { FetchNode } from '../planning/plan.js';
import type { RaisedError } from '../request/mask-errors.js';
import type { PlanContext } from './plan-context.js';
import type { OperationRun } from './operation-run.js';
import type { SubgraphAnswer, SubgraphError } from './subgraph-answer.js';
import type { LoomError } from '@loomgraph/core';

export type Answered = Extract<SubgraphAnswer, { kind: 'answered' }>;

/** Sends one fetch of a plan and takes note in the run of everything but its data. */
export interface FetchCall {
  /** @param representations the entity batches as members of the variables object; undefined for root fetches */
  send(options: {
    readonly run: OperationRun;
    readonly representations?: { readonly text: string; readonly count: number };
    readonly onFailed: (error: LoomError) => void;
    readonly onAnswered: (answer: Answered) => void;
    readonly done: () => void;
  }): void;
}

/** @param operation the text that is sent, where it is not the plan's */
export function prepareFetchCall(node: FetchNode, context: PlanContext, operation: string = node.operation): FetchCall {
  if (node.operationKind === 'subscription') return takeEvent;
  const call = context.subgraphs.prepare(operation === node.operation ? node : { ...node, operation });
  return {
    send({ run, representations, onFailed, onAnswered, done }) {
      const watched = run.watch?.fetch({ node, caller: run.caller, representations: representations?.count });
      const own = writeVariables(node.variables, run.variables);
      const entities = representations?.text ?? '';
      const variables = own !== '' && entities !== '' ? `${own},${entities}` : own + entities;
      const sender = run.sharesFetches ? (call.shared ?? call) : call;
      const answered = (answer: SubgraphAnswer): void => {
        watched?.end(answer);
        run.recorder?.answered(node, { call: sender, variables }, answer);
        if (answer.isShared === undefined) run.fetches += 1;
        try {
          if (answer.kind === 'failed') onFailed(answer.error);
          else {
            if (answer.hasEscapes) run.hasEscapes = true;
            if (!answer.isAscii) run.isAscii = false;
            onAnswered(answer);
          }
        } catch (error) {
          run.errors.push(internalError(error));
        }
        done();
      };
      if (run.replayed?.take(node, variables, answered) === true) return;
      sender.send(variables, watched === undefined ? run.caller : watched.caller, answered);
    },
  };
}

/** The first fetch of a subscription was sent when it was opened: its answer is the event. */
const takeEvent: FetchCall = {
  send({ run, onFailed, onAnswered, done }) {
    const { event } = run;
    if (event === undefined) run.errors.push(internalError(new Error('A subscription was run without an event.')));
    else if (event.kind === 'failed') onFailed(event.error);
    else {
      if (event.hasEscapes) run.hasEscapes = true;
      if (!event.isAscii) run.isAscii = false;
      onAnswered(event);
    }
    done();
  },
};

/** Members of a JSON object, without braces; what the client did not give is left out, so that the subgraph's defaults apply. */
function writeVariables(names: readonly string[], values: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const name of names) {
    const value = values[name];
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${JSON.stringify(value)}`;
  }
  return text;
}

/** An error of a subgraph at a place of the client's answer. */
export function raise(subgraph: string, error: SubgraphError, path: readonly (string | number)[] | undefined): RaisedError {
  return {
    message: error.message,
    path,
    extensions: { ...error.extensions, serviceName: subgraph },
    originalError: error.originalError ?? undefined,
  };
}

export function raiseFailure(subgraph: string, error: LoomError, path: readonly (string | number)[]): RaisedError {
  return { message: error.message, path, extensions: { code: error.code, serviceName: subgraph }, originalError: error };
}

/** A fault of ours: masked for the client, in the log with its stack. */
export function internalError(error: unknown): RaisedError {
  return {
    message: error instanceof Error ? error.message : String(error),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
    originalError: error,
  };
}

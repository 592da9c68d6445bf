import { errorCatalogue, LoomError, type ErrorCode } from '@loomgraph/core';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { formatExecutionErrors } from '@loomgraph/subgraph-kit/format-error'; // not all of it: the gateway alone starts faster
import { createSourceEventStream, execute, parse, type ExecutionResult } from 'graphql';
import type { Caller } from '../execution/engine.js';
import type { SubgraphAnswer, SubgraphOperation } from '../execution/subgraph-answer.js';
import type { SubgraphSource } from '../supergraph/subgraph-source.js';

/** What comes of a subgraph's subscription; nothing is called after `ended` or `failed`. */
export interface StreamSink {
  event(answer: SubgraphAnswer, bytes: number): void;
  ended(): void;
  failed(error: unknown): void;
}

export interface OpenStream {
  /** Ends it at the subgraph, too. */
  close(): void;
}

export interface StreamOptions {
  readonly source: SubgraphSource;
  readonly operation: SubgraphOperation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly sink: StreamSink;
}

/** Subscriptions of subgraphs: of this process by their schema, of others over HTTP. Rejects with why a subgraph does not subscribe. */
export type OpenSubgraphStream = (options: StreamOptions) => Promise<OpenStream>;

/** @param openRemote opens one at a URL */
export function createSubgraphStreams(openRemote: (url: string, options: StreamOptions) => Promise<OpenStream>): OpenSubgraphStream {
  return (options) =>
    options.source.kind === 'local' ? openLocal(options.source.subgraph, options) : openRemote(options.source.url, options);
}

/** Each event is executed with a context of its own: what loaders remember holds for one answer. */
async function openLocal({ schema, createContext }: Subgraph, { operation, variables, caller, sink }: StreamOptions): Promise<OpenStream> {
  const document = parse(operation.operation, { noLocation: true });
  const { operationName } = operation;
  const scope = { schema, document, operationName, variableValues: variables };
  const created = await createSourceEventStream({ ...scope, contextValue: createContext(caller) });
  if (!(Symbol.asyncIterator in created)) throw refusedBy(formatExecutionErrors(created));
  const iterator = created[Symbol.asyncIterator]();
  const state = { isOpen: true };
  const pump = async (): Promise<void> => {
    try {
      for (let next = await iterator.next(); state.isOpen && next.done !== true; next = await iterator.next()) {
        const result = await execute({ ...scope, rootValue: next.value, contextValue: createContext(caller) });
        if (state.isOpen) sink.event(toAnswer(formatExecutionErrors(result)), 0);
      }
      if (state.isOpen) sink.ended();
    } catch (error) {
      if (state.isOpen) sink.failed(error);
    }
  };
  void pump();
  return {
    close() {
      if (!state.isOpen) return;
      state.isOpen = false;
      void iterator.return?.().catch(() => undefined); // whoever listened is gone
    },
  };
}

function toAnswer({ data, errors }: ExecutionResult): SubgraphAnswer {
  return { kind: 'answered', data, errors, hasEscapes: true, isAscii: false };
}

/** Why a subgraph does not subscribe: what it threw, where it runs in this process; else what it says, by its code where that is one of ours. */
export function refusedBy({ errors }: Pick<ExecutionResult, 'errors'>): Error {
  const [first] = errors ?? [];
  if (first === undefined) return new LoomError('INTERNAL_SERVER_ERROR', 'A subgraph did not say why it does not subscribe.');
  if (first.originalError) return first.originalError;
  const code = String(first.extensions['code']);
  return Object.hasOwn(errorCatalogue, code) ? new LoomError(code as ErrorCode, first.message) : first;
}

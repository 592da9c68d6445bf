import type { Caller } from './engine.js';
import type { JsonObject } from './json-object.js';
import type { LoomError } from '@loomgraph/core';

/** An error as a subgraph answered it. `originalError` is there only for subgraphs of this process, for the log. */
export interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  readonly originalError?: Error | null | undefined;
}

/** Of an answer that came over HTTP. */
interface HttpAnswer {
  /** It is that of an identical fetch that was under way. */
  readonly isShared?: true;
  readonly status?: number;
  /** Of the body. */
  readonly bytes?: number;
}

/** What came of one fetch. */
export type SubgraphAnswer = HttpAnswer &
  (
    | {
        readonly kind: 'answered';
        readonly data: JsonObject | null | undefined;
        readonly errors: readonly SubgraphError[] | undefined;
        /** As it came over HTTP. */
        readonly body?: Buffer;
        /** Whether any text in it may need escaping in JSON: false only where the answer's bytes held no backslash. */
        readonly hasEscapes: boolean;
        readonly isAscii: boolean;
        /** `extensions.sync` as it came. */
        readonly sync?: unknown;
      }
    | { readonly kind: 'failed'; readonly error: LoomError }
  );

/** One fetch of a plan, bound to the subgraph that answers it. */
export interface SubgraphCall {
  /**
   * Sends it; calls `done` exactly once, never before returning... unless the subgraph answers synchronously in this process.
   * @param variables JSON text of an object's members, without braces: `"id":"1","representations":[...]`; empty for none
   * @param known a body that was answered before, without errors: an equal one is not parsed before its data are read
   */
  send(variables: string, caller: Caller, done: (answer: SubgraphAnswer) => void, known?: Buffer): void;
  /** The same, taking the answer of an identical fetch that is under way: for queries only. Undefined where nothing is shared. */
  readonly shared?: SubgraphCall | undefined;
}

export interface SubgraphOperation {
  readonly subgraph: string;
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
}

/** Reaches the subgraphs of one supergraph version. */
export interface SubgraphCaller {
  prepare(operation: SubgraphOperation): SubgraphCall;
}

import type { Identity } from '@loomgraph/auth';
import type { Health } from '@loomgraph/core';
import type { GraphQLSchema } from 'graphql';
import type { SubgraphSync } from './sync-request.js';

/** What every request brings to a subgraph, in process or over HTTP. */
export interface SubgraphRequest {
  /** The verified caller, or null for an anonymous one. */
  readonly identity: Identity | null;
  readonly requestId: string;
  /** Where the request came from, as the gateway saw it; behind proxies that it trusts, what they say. Signed on its way to a remote subgraph. */
  readonly clientAddress?: string | undefined;
  /** W3C trace context of the fetch, where the gateway traces. */
  readonly traceparent?: string;
  /** What the caller has written before and wants to read, and where its writes are reported. Queries without a token have none. */
  readonly sync?: SubgraphSync | undefined;
  /** Its signal is aborted when nobody waits for the answer any more: what still reads may end. Undefined where it must not, as where it writes. */
  readonly cancellation?: { readonly signal: AbortSignal } | undefined;
}

/**
 * A subgraph: schema, context and lifecycle, bound to no transport. The gateway executes its schema in its own process, or
 * `createHttpHost` runs it as a server of its own; both answer the same.
 */
export interface Subgraph extends AsyncDisposable {
  readonly name: string;
  /** Federation SDL, the contract other teams review (`schema.graphql`). */
  readonly sdl: string;
  /** Executable schema with `_service` and `_entities`. */
  readonly schema: GraphQLSchema;
  /** The context value of one request: loaders, forked entity manager, identity. Never shared between requests. */
  createContext(request: SubgraphRequest): object;
  /** Starts background work (relay, consumers). Resolves once it runs. */
  start(): Promise<void>;
  /** One entry per store the subgraph needs. */
  health(): Promise<readonly Health[]>;
  close(): Promise<void>;
}

export interface SubgraphDefinition {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  readonly createContext: (request: SubgraphRequest) => object;
  readonly start?: () => Promise<void>;
  readonly health?: () => Promise<readonly Health[]>;
  readonly close?: () => Promise<void>;
}

/** Fills in the optional parts; `close` runs once however often it is called. */
export function defineSubgraph(definition: SubgraphDefinition): Subgraph {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= definition.close?.() ?? Promise.resolve());
  return {
    name: definition.name,
    sdl: definition.sdl,
    schema: definition.schema,
    createContext: definition.createContext,
    start: definition.start ?? (() => Promise.resolve()),
    health: definition.health ?? (() => Promise.resolve([])),
    close,
    [Symbol.asyncDispose]: close,
  };
}

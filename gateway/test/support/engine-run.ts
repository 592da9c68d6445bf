import { createIdentitySigner } from '@loomgraph/auth';
import { uuidSource, systemClock } from '@loomgraph/core';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { ExecutionResult } from 'graphql';
import { createEngine, type EngineDeps, type EngineSettings, type LiveEngine } from '../../src/execution/create-engine.js';
import type { Caller, EngineAnswer } from '../../src/execution/engine.js';
import { callOnce } from '../../src/subgraphs/call-once.js';
import { createSubgraphHttp } from '../../src/subgraphs/http-call.js';
import { createHttpEventStreams } from '../../src/subgraphs/http-event-stream.js';
import type { LiveSupergraph } from '../../src/supergraph/port.js';
import { createLiveSupergraph } from '../../src/supergraph/live-supergraph.js';
import { createSdlReader } from '../../src/supergraph/read-sdl.js';
import type { SubgraphSource } from '../../src/supergraph/subgraph-source.js';

export interface EngineRun extends AsyncDisposable {
  readonly engine: LiveEngine;
  readonly supergraph: LiveSupergraph;
  /** Executes an operation; the answer parsed, whichever kind it is. */
  run(query: string, options?: RunOptions): Promise<ExecutionResult>;
  answer(query: string, options?: RunOptions): Promise<EngineAnswer>;
}

export interface RunOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly caller?: Partial<Caller>;
  readonly acceptsIncremental?: boolean;
}

export const IDENTITY_SECRET = 'test-secret-for-signed-identity-32-bytes';

export const engineSettings: EngineSettings = {
  planner: 'auto',
  cacheBytes: 50_000_000,
  planTimeoutMs: 10_000,
  introspection: 'public',
  coalescing: false,
  fetchSharing: false,
  maskErrors: false,
  explain: 'role',
};

/** The engine alone, over subgraphs of this process or remote ones. */
export async function startEngine(
  subgraphs: readonly (Subgraph | SubgraphSource)[],
  settings: Partial<EngineSettings> = {},
  deps: Pick<EngineDeps, 'policies' | 'trace'> = {},
): Promise<EngineRun> {
  const metrics = createMetrics();
  const logger = silentLogger;
  const signer = createIdentitySigner({ secret: IDENTITY_SECRET });
  const http = createSubgraphHttp({ signer, timeoutMs: 5_000 });
  const sources = subgraphs.map((one): SubgraphSource => ('kind' in one ? one : { kind: 'local', subgraph: one }));
  const supergraph = await createLiveSupergraph({
    sources,
    readSdl: createSdlReader({
      post: ({ subgraph, url, fetch: { query, operationName, request } }) =>
        callOnce(
          http.prepare(url, { subgraph, operation: query, operationName, operationKind: 'query', isProbe: true }),
          undefined,
          request,
        ),
    }),
    pollIntervalMs: 600_000,
    startupWaitMs: 5_000,
    logger,
    metrics,
    clock: systemClock,
  });
  const eventStreams = createHttpEventStreams({ signer, timeoutMs: 5_000 });
  const engine = await createEngine({
    supergraph,
    http,
    eventStreams,
    logger,
    metrics,
    settings: { ...engineSettings, ...settings },
    ...deps,
  });
  const answer = (
    query: string,
    { variables, operationName, caller, acceptsIncremental = false }: RunOptions = {},
  ): Promise<EngineAnswer> =>
    engine.execute({
      query,
      variables,
      operationName,
      extensions: undefined,
      readOnly: false,
      acceptsIncremental,
      caller: { identity: null, requestId: uuidSource.next(), ...caller },
    });
  return {
    engine,
    supergraph,
    answer,
    async run(query, options) {
      const answered = await answer(query, options);
      if (answered.kind === 'incremental' || answered.kind === 'live') throw new Error('The answer comes in parts.');
      return answered.kind === 'executed' ? JSON.parse(answered.body) : { errors: answered.errors };
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await supergraph.close();
      await http.close();
      await eventStreams[Symbol.asyncDispose]();
    },
  };
}

import type { Logger } from '@loomgraph/telemetry';
import { SubgraphUnavailableError } from '../errors.js';

export interface RemoteSubgraph {
  readonly name: string;
  readonly url: string;
}

/** Reads `_service { sdl }` of a remote subgraph. @throws SubgraphUnavailableError */
export type ReadSdl = (source: RemoteSubgraph) => Promise<string>;

/** How the last reading of a remote subgraph's SDL went. */
export interface RemoteState {
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly message?: string;
}

/** Reads SDL again and again, remembers how it went, and logs only when that changes. */
export interface RemoteSchemas {
  readonly states: ReadonlyMap<string, RemoteState>;
  /** Undefined when there is no usable answer; never throws. */
  read(source: RemoteSubgraph): Promise<string | undefined>;
  /** Notes a reading that was done elsewhere. */
  noteAnswer(name: string): void;
  forget(name: string): void;
  /** Readings under way end unnoticed. */
  close(): void;
}

export function createRemoteSchemas(deps: { readonly readSdl: ReadSdl; readonly logger: Logger }): RemoteSchemas {
  const states = new Map<string, RemoteState>();
  let closed = false;

  const note = (name: string, state: RemoteState): void => {
    const wasOk = states.get(name)?.ok !== false;
    states.set(name, state);
    if (wasOk && !state.ok)
      deps.logger.warn('Subgraph does not answer; its last schema is kept', { subgraph: name, reason: state.message });
    if (!wasOk && state.ok) deps.logger.info('Subgraph answers again', { subgraph: name });
  };

  return {
    states,
    async read(source) {
      const startedAt = performance.now();
      try {
        const sdl = await deps.readSdl(source);
        note(source.name, { ok: true, latencyMs: performance.now() - startedAt });
        return sdl;
      } catch (error) {
        const message = error instanceof SubgraphUnavailableError ? error.reason : (error as Error).message;
        if (!closed) note(source.name, { ok: false, latencyMs: performance.now() - startedAt, message });
        return undefined;
      }
    },
    noteAnswer: (name) => note(name, { ok: true, latencyMs: 0 }),
    forget: (name) => void states.delete(name),
    close: () => {
      closed = true;
    },
  };
}

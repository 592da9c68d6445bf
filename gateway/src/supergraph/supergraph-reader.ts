import { LoomError } from '@loomgraph/core';

/**
 * Where a supergraph that was composed elsewhere is read from.
 *
 * 1. `read` answers the whole text, or undefined where the place itself says that it has not changed since the last answer.
 * 2. @throws SupergraphUnreadableError when there is no text to be had
 * 3. `watch` calls back when a reading may be worthwhile. It may miss changes: polling goes on beside it.
 */
export interface SupergraphReader {
  /** For messages, without credentials. */
  readonly place: string;
  read(): Promise<string | undefined>;
  watch?(onChange: () => void): Disposable;
}

/** The place of the supergraph gives none. The message is one line for the operator. */
export class SupergraphUnreadableError extends LoomError {
  /** Whether waiting may help: a server that is still starting, not a wrong path or token. */
  readonly mayPass: boolean;

  constructor(message: string, options: { readonly mayPass: boolean; readonly cause?: unknown }) {
    super('CONFIG_INVALID', message, { cause: options.cause });
    this.mayPass = options.mayPass;
  }
}

import type { Logger } from '@loomgraph/telemetry';

/** Apollo's libraries log one value, mostly a text. */
export interface ApolloLogger {
  debug(message?: unknown): void;
  info(message?: unknown): void;
  warn(message?: unknown): void;
  error(message?: unknown): void;
}

/** Passes what Apollo's libraries say on to our logger, their chatter one level down. */
export function toApolloLogger(logger: Logger): ApolloLogger {
  const fields = (message: unknown): { error: Error } | undefined => (message instanceof Error ? { error: message } : undefined);
  return {
    debug: (message) => logger.debug(String(message)),
    info: (message) => logger.debug(String(message)),
    warn: (message) => logger.warn(String(message), fields(message)),
    error: (message) => logger.error(String(message), fields(message)),
  };
}
